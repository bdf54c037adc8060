package io.madang.gateway.edge.relay;

import java.util.function.IntConsumer;

/**
 * Where conversations live, as requests for them see it: asked on the loop of the request, and answering there.
 *
 * @param <Q> a request whose response waits for what is said
 * @param <M> a request that brings something
 */
public interface Home<Q, M> {
  /** The status of what was taken. */
  int TAKEN = 200;

  /** The status of what is not known, or over; also of a home that is gone. */
  int UNKNOWN = 404;

  /**
   * Lets a response wait for what the conversation says.
   *
   * @param taker may be told before this returns
   */
  Waiting receive(String name, Q request, Taker taker);

  /**
   * Gives something to a conversation.
   *
   * @param outcome is told the status of the answer, once
   */
  void deliver(String name, M request, IntConsumer outcome);
}
