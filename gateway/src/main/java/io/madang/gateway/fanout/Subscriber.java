package io.madang.gateway.fanout;

import io.madang.runtime.command.Caller;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.util.List;

/** A connection as fan-out sees it; called on the connection's event loop only. */
public interface Subscriber {

  /** Id of the connection, unique in the mesh. */
  String connection();

  /** Who it belongs to; the same for the connection's whole life. */
  Caller caller();

  /**
   * Publications of one topic, in order, each exactly once.
   *
   * @return how many it took, from the first on: all, unless it lags; what it did not take, and what comes after it, is brought
   *     again after {@link Fanout#drained}
   */
  int deliver(Topic topic, List<SharedPublication> publications);

  /**
   * Takes all that a topic brings in a turn at once, where nothing has to be looked at closer.
   *
   * @return false when it took nothing of it, and {@link #deliver} is to be asked
   */
  default boolean takes(Bundle bundle) {
    return false;
  }

  /** Whether it takes nothing just now; {@link Fanout#drained} is to be called when that is over. */
  boolean isLagging();

  /** What lies between the two positions cannot be had any more. */
  void gap(Topic topic, StreamPosition from, StreamPosition to);

  /** The topic's owner ended the subscription. */
  void ended(Topic topic, String reason);
}
