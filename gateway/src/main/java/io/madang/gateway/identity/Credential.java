package io.madang.gateway.identity;

import io.madang.runtime.config.Secret;

/** What a client shows to say who it is. None of them ever prints its secret. */
public sealed interface Credential {
  <R> R dispatch(Handler<R> handler);

  /** One method per kind of credential. */
  interface Handler<R> {
    R on(Bearer credential);

    R on(Ticket credential);

    R on(Cookie credential);
  }

  /** An access token, from the Authorization header, a subprotocol or a frame. */
  record Bearer(Secret token) implements Credential {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** A single-use ticket, for doors that can carry nothing but an address. Asking about it uses it up. */
  record Ticket(Secret ticket) implements Credential {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** The access token from our cookie; make one only after {@link OriginPolicy#trustsCookie} said yes. */
  record Cookie(Secret token) implements Credential {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }
}
