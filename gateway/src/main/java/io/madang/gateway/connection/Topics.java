package io.madang.gateway.connection;

import io.madang.gateway.fanout.Fanout;
import io.madang.gateway.fanout.SubscribeOutcome;
import io.madang.gateway.fanout.Subscriber;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.util.Map;
import java.util.Optional;

/** What connections need of the topics, on their event loop. */
public interface Topics {

  /** Somebody is signed in. */
  void connected(Subscriber subscriber);

  /** The connection is over, and its subscriptions with it. */
  void disconnected(Subscriber subscriber);

  /**
   * Subscribes.
   *
   * @param handler is told once, before the first delivery; never if the topic is unsubscribed or the connection over first
   */
  void subscribe(
      Subscriber subscriber,
      Topic topic,
      Optional<StreamPosition> since,
      SubscribeOutcome.Handler handler);

  /** A subscriber that lagged can take more. */
  void drained(Subscriber subscriber);

  /** Ends a subscription, or one that is being set up. */
  void unsubscribe(Subscriber subscriber, Topic topic);

  /** Up to where a subscriber was brought each topic that it hears. */
  Map<Topic, StreamPosition> positions(Subscriber subscriber);

  /** The topics as this event loop's fan-out has them. */
  static Topics of(Fanout fanout) {
    return new Topics() {
      @Override
      public void connected(Subscriber subscriber) {
        fanout.connected(subscriber);
      }

      @Override
      public void disconnected(Subscriber subscriber) {
        fanout.disconnected(subscriber);
      }

      @Override
      public void subscribe(
          Subscriber subscriber,
          Topic topic,
          Optional<StreamPosition> since,
          SubscribeOutcome.Handler handler) {
        fanout.subscribe(subscriber, topic, since, handler);
      }

      @Override
      public void drained(Subscriber subscriber) {
        fanout.drained(subscriber);
      }

      @Override
      public void unsubscribe(Subscriber subscriber, Topic topic) {
        fanout.unsubscribe(subscriber, topic);
      }

      @Override
      public Map<Topic, StreamPosition> positions(Subscriber subscriber) {
        return fanout.positions(subscriber);
      }
    };
  }
}
