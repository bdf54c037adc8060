package io.madang.gateway.edge.sockjs.session;

import java.util.List;
import java.util.function.Consumer;

/** Where sessions live, as requests for them see it: asked on the loop of the request, and answering there. */
public interface Home {

  /** What became of messages. */
  enum Delivery {
    /** The session has them. */
    TAKEN,
    /** There is no such session, or it is closed. */
    UNKNOWN
  }

  /**
   * Lets a response wait for what the session says; opens the session if there is none.
   *
   * @param taker may be told before this returns
   */
  Waiting receive(String session, Opening from, Reception reception, Taker taker);

  /** Gives messages to a session. */
  void deliver(String session, Opening from, List<String> messages, Consumer<Delivery> outcome);
}
