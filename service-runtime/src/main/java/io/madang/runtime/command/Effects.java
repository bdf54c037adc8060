package io.madang.runtime.command;

import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.util.List;
import java.util.Map;

/**
 * What a reply does to the asking connection where its door wants it.
 *
 * @param subscribe topics to subscribe, each from the position that the command made
 * @param unsubscribe topics to unsubscribe
 */
public record Effects(Map<Topic, StreamPosition> subscribe, List<Topic> unsubscribe) {
  public static final Effects NONE = new Effects(Map.of(), List.of());

  public Effects {
    subscribe = Map.copyOf(subscribe);
    unsubscribe = List.copyOf(unsubscribe);
  }
}
