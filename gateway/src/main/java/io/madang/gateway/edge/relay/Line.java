package io.madang.gateway.edge.relay;

import io.madang.runtime.topic.Payload;

/** The way to other gateways; safe on any thread. What is said there may be lost, but never changes its order. */
public interface Line {
  void send(String node, Payload word);

  /** Whether the gateway is there, in this very life of its name. */
  boolean isLive(String node);
}
