package io.madang.client;

import io.madang.protocol.frame.ServerFrame.Publication;
import io.madang.protocol.frame.StreamPosition;
import io.madang.protocol.json.RawJson;
import java.util.Optional;

/** Hears one topic, on the client's thread; must not block. */
public interface TopicListener {

  /** A publication, each once and in the topic's order. */
  void publication(Publication publication);

  /**
   * The topic's state as of now: at the first subscription, and when what was missed cannot be had any more. What was heard
   * before is replaced by it.
   */
  default void snapshot(StreamPosition position, Optional<RawJson> snapshot) {}

  /** What lies between the two positions will not come; a fresh snapshot follows. */
  default void gap(StreamPosition from, StreamPosition to) {}

  /** The subscription is over: the mesh refused it or ended it. */
  default void ended(String reason) {}
}
