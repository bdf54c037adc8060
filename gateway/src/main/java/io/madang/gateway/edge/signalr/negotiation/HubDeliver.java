package io.madang.gateway.edge.signalr.negotiation;

import io.madang.gateway.identity.Credential;
import io.madang.runtime.topic.Payload;
import java.util.Optional;

/** What a request brings a hub connection. */
public sealed interface HubDeliver {
  <R> R dispatch(Handler<R> handler);

  /** One method per kind. */
  interface Handler<R> {
    R on(Post request);

    R on(Delete request);

    R on(Claim request);

    R on(Ended request);

    R on(Leaving request);
  }

  /** @param bytes whole hub messages */
  record Post(Optional<Credential> offered, Payload bytes) implements HubDeliver {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** The client ends it. */
  record Delete(Optional<Credential> offered) implements HubDeliver {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * A WebSocket is to carry it, from now on and alone, and it is to live where that is.
   *
   * @param node the gateway that has the WebSocket
   * @param socket a number that no other claim has
   */
  record Claim(Optional<Credential> offered, String node, long socket) implements HubDeliver {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** The gateway stops that has the stream which carries it, so that its client is to come back. */
  record Leaving() implements HubDeliver {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** The WebSocket is gone that claimed it, or would have; what another one has stays as it is. */
  record Ended(long socket) implements HubDeliver {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }
}
