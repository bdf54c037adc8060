package io.madang.runtime.topic;

/**
 * A place in a topic's history.
 *
 * @param epoch names one life of the topic; differs after the topic was deleted and made again, or its store was restored
 * @param offset number of the last publication before this place; 0 is before the first
 */
public record StreamPosition(String epoch, long offset) {
  public static final int MAX_EPOCH_CHARS = 64;

  public StreamPosition {
    if (epoch.isEmpty() || epoch.length() > MAX_EPOCH_CHARS) {
      throw new IllegalArgumentException("an epoch has 1 to " + MAX_EPOCH_CHARS + " characters");
    }
    if (offset < 0) {
      throw new IllegalArgumentException("an offset is never negative");
    }
  }
}
