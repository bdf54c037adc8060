package io.madang.gateway.edge.signalr.negotiation;

import io.madang.gateway.edge.signalr.replay.CarrierEnd;
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

    R on(Carried request);

    R on(Ended request);

    R on(Adopt request);

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

  /**
   * What a WebSocket brings a connection that lives elsewhere.
   *
   * @param socket the number of its claim
   * @param bytes whole hub messages, or none where the client only showed that it is there
   */
  record Carried(long socket, Payload bytes) implements HubDeliver {
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

  /** Another gateway stops, and this one is to go on with the connection, whose token is another's. Never of a client. */
  record Adopt(HubState state) implements HubDeliver {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * The WebSocket is gone that claimed it, or would have, or is to go; what another one has stays as it is.
   *
   * @param how {@link CarrierEnd#LOST}, {@link CarrierEnd#GOODBYE}, or the code of what its client broke
   */
  record Ended(long socket, int how) implements HubDeliver {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }
}
