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

  /** Publications of one topic, in order, each exactly once. */
  void deliver(Topic topic, List<SharedPublication> publications);

  /** What lies between the two positions cannot be had any more. */
  void gap(Topic topic, StreamPosition from, StreamPosition to);

  /** The topic's owner ended the subscription. */
  void ended(Topic topic, String reason);
}
