package io.madang.runtime.topic;

/** What may become of an event on its way to a slow reader. */
public enum EventClass {
  /** Positioned and kept in the topic's history; never dropped. */
  LOG,
  /** Positioned, carries a key; a newer one with the same key may replace it, null data removes the key. */
  STATE,
  /** Without position, never kept, dropped first. */
  EPHEMERAL
}
