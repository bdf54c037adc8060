package io.madang.gateway.connection;

import io.madang.gateway.fanout.SubscribeOutcome;
import io.madang.gateway.fanout.Subscriber;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Topics that answer when the test says so. */
final class FakeTopics implements Topics {
  final List<String> connected = new ArrayList<>();
  final List<String> disconnected = new ArrayList<>();
  final List<String> drained = new ArrayList<>();
  final List<Topic> unsubscribed = new ArrayList<>();
  final Map<Topic, Optional<StreamPosition>> asked = new HashMap<>();
  final Map<Topic, SubscribeOutcome.Handler> handlers = new HashMap<>();

  @Override
  public void connected(Subscriber subscriber) {
    connected.add(subscriber.caller().user());
  }

  @Override
  public void disconnected(Subscriber subscriber) {
    disconnected.add(subscriber.caller().user());
  }

  @Override
  public void subscribe(
      Subscriber subscriber,
      Topic topic,
      Optional<StreamPosition> since,
      SubscribeOutcome.Handler handler) {
    asked.put(topic, since);
    handlers.put(topic, handler);
  }

  @Override
  public void drained(Subscriber subscriber) {
    drained.add(subscriber.caller().user());
  }

  @Override
  public void unsubscribe(Subscriber subscriber, Topic topic) {
    unsubscribed.add(topic);
  }

  @Override
  public Map<Topic, StreamPosition> positions(Subscriber subscriber) {
    return Map.of();
  }

  void grant(String topic, long offset) {
    handlers
        .get(Topic.parse(topic))
        .on(new SubscribeOutcome.Subscribed(
            new StreamPosition("e1", offset), true, Optional.empty(), List.of()));
  }
}
