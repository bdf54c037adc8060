package io.madang.gateway.connection;

import io.madang.protocol.frame.ServerFrame.Resumption;
import io.madang.protocol.frame.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.util.Optional;
import java.util.function.Consumer;

/** What a connection needs of the topics, on its event loop. */
public interface Topics {

  /**
   * Subscribes, from a position or from now on.
   *
   * @param limit of publications in the answer; what is beyond comes as publications after it
   * @param answer is given the outcome on this loop, once, before anything else of the topic reaches {@code subscriber};
   *     also if the topic was unsubscribed meanwhile
   */
  void subscribe(
      Subscriber subscriber, Topic topic, Optional<StreamPosition> since, int limit, Consumer<Resumption> answer);

  /** Ends a subscription, or one that is still being set up; nothing more of the topic comes. */
  void unsubscribe(Subscriber subscriber, Topic topic);

  /** Ends all of a connection's subscriptions. */
  void leaveAll(Subscriber subscriber);
}
