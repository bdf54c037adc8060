package io.madang.gateway.edge.sockjs.relay;

import io.madang.gateway.edge.sockjs.session.Opening;
import io.madang.gateway.edge.sockjs.session.Reception;
import io.madang.runtime.topic.Payload;
import java.util.List;

/**
 * What two gateways say about a session. {@code id} is the asking gateway's number of a response or a delivery, which names the
 * event loop that asks.
 */
sealed interface Word {
  long id();

  /** Said to the session's home, where base and session tell the event loop. */
  sealed interface ToHome extends Word {
    String base();

    String session();
  }

  /** Said to the gateway that was asked. */
  sealed interface ToFront extends Word {}

  /**
   * A response waits. Said again while it does, which shows that it does.
   *
   * @param received frames it has, of those of this id
   */
  record Receive(
      long id, String base, String session, Opening from, Reception reception, long received)
      implements ToHome {}

  /** The network took so many frames of a response, all in all. */
  record Taken(long id, String base, String session, long frames) implements ToHome {}

  /** The response cannot take any more. */
  record Gone(long id, String base, String session) implements ToHome {}

  /** Messages for the session. Said again until it is answered. */
  record Deliver(long id, String base, String session, Opening from, List<String> messages)
      implements ToHome {}

  /** @param number of the frame among those of the response, from 1 on */
  record Frame(long id, long number, Payload wrapped) implements ToFront {}

  /** @param frames that the response was given, all in all */
  record End(long id, long frames) implements ToFront {}

  /** The home knows of the response and has nothing new for it. */
  record Patience(long id) implements ToFront {}

  /** The home knows nothing of the response, which has had something from it. */
  record Lost(long id) implements ToFront {}

  record Delivered(long id, boolean isTaken) implements ToFront {}
}
