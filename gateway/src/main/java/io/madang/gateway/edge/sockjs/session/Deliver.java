package io.madang.gateway.edge.sockjs.session;

import java.util.List;

/** Something for a session. */
public sealed interface Deliver {
  <R> R dispatch(Handler<R> handler);

  /** One method per kind. */
  interface Handler<R> {
    R on(Messages request);

    R on(Leaving request);
  }

  /** What its client says. */
  record Messages(Opening from, List<String> messages) implements Deliver {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * The gateway stops that has the response which waits for it: that response is to end, so that its client asks for the next by
   * another gateway. Never of a client.
   */
  record Leaving() implements Deliver {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }
}
