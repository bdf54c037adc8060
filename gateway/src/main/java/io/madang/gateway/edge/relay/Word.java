package io.madang.gateway.edge.relay;

import io.madang.runtime.topic.Payload;

/**
 * What two gateways say about a conversation. {@code id} is the asking gateway's number of a response or a delivery, which names
 * the event loop that asks.
 */
sealed interface Word {
  long id();

  /** Said to the conversation's home, where kind and name tell the event loop. */
  sealed interface ToHome extends Word {
    String kind();

    String name();
  }

  /** Said to the gateway that was asked. */
  sealed interface ToFront extends Word {}

  /**
   * A response waits. Said again while it does, which shows that it does.
   *
   * @param received frames it has, of those of this id
   */
  record Receive(long id, String kind, String name, Payload request, long received)
      implements ToHome {}

  /** The network took so many frames of a response, all in all. */
  record Taken(long id, String kind, String name, long frames) implements ToHome {}

  /** The response cannot take any more. */
  record Gone(long id, String kind, String name) implements ToHome {}

  /** Something for the conversation. Said again until it is answered. */
  record Deliver(long id, String kind, String name, Payload request) implements ToHome {}

  /** @param number of the frame among those of the response, from 1 on */
  record Frame(long id, long number, Payload bytes) implements ToFront {}

  /** @param frames that the response was given, all in all */
  record End(long id, long frames, int status) implements ToFront {}

  /** The home knows of the response or delivery and has nothing new for it. */
  record Patience(long id) implements ToFront {}

  /** The home knows nothing of the response, which has had something from it. */
  record Lost(long id) implements ToFront {}

  record Delivered(long id, int status) implements ToFront {}
}
