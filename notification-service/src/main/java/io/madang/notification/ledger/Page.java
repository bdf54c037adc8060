package io.madang.notification.ledger;

import io.madang.runtime.topic.StreamPosition;
import java.util.List;

/**
 * A part of a topic's past.
 *
 * @param position where the topic stands
 * @param entries oldest first
 */
public record Page(StreamPosition position, List<Entry> entries) {
  public Page {
    entries = List.copyOf(entries);
  }
}
