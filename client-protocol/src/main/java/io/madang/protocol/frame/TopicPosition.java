package io.madang.protocol.frame;

/** How far a client has come in one topic. */
public record TopicPosition(String topic, StreamPosition position) {
  public TopicPosition {
    Bounds.topic(topic);
  }
}
