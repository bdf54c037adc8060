package io.madang.system.traffic;

import io.madang.protocol.frame.StreamPosition;

/** One thing a client was told of a topic. */
sealed interface Told {

  /**
   * A publication.
   *
   * @param prev the offset before it, as it says itself
   * @param command id of the command that caused it, or {@code -}
   */
  record Heard(StreamPosition at, long prev, String command) implements Told {
    Heard(String epoch, long offset, long prev, String command) {
      this(new StreamPosition(epoch, offset), prev, command);
    }
  }

  /** The state as of a position: what lies before is told by it, what comes after will be heard. */
  record Snapshot(StreamPosition at) implements Told {}

  /** What lies after {@code from}, up to {@code to}, will not be told; a snapshot follows. */
  record Gap(StreamPosition from, StreamPosition to) implements Told {}
}
