package io.madang.protocol.frame;

/**
 * A place in a topic's history.
 *
 * @param epoch names one life of the topic; offsets of different epochs cannot be compared
 * @param offset how far the topic has come in this life; 0 is before the first publication
 */
public record StreamPosition(String epoch, long offset) {
  public StreamPosition {
    Bounds.name("epoch", epoch);
    if (offset < 0 || offset > ClientFrame.MAX_REF) {
      throw new IllegalArgumentException(
          "offset must be an integer from 0 to " + ClientFrame.MAX_REF);
    }
  }
}
