package io.madang.gateway.connection;

import io.madang.gateway.identity.Credential;
import io.madang.gateway.identity.Principal;
import io.madang.protocol.code.CloseCode;
import io.madang.protocol.frame.ClientFrame;
import io.madang.runtime.command.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where a connection stands; each state has only its legal exits. The diagram is at {@link Connection}. */
sealed interface ConnectionState {
  <R> R dispatch(Handler<R> handler);

  /** One method per state. */
  interface Handler<R> {
    R on(AwaitingConnect state);

    R on(SigningIn state);

    R on(Open state);

    R on(Draining state);

    R on(Closed state);
  }

  /** Nobody is signed in; {@code offered} came with the handshake and counts if the client brings no token. */
  record AwaitingConnect(Optional<Credential> offered) implements ConnectionState {
    SigningIn toSigningIn(long connectRef) {
      return new SigningIn(offered, connectRef, new ArrayList<>());
    }

    Closed toClosed() {
      return new Closed();
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * A credential is being checked.
   *
   * @param connectRef of the connect frame that asks for it; none if another frame came first
   * @param held what the client sent meanwhile, in order
   */
  record SigningIn(Optional<Credential> offered, long connectRef, List<ClientFrame> held)
      implements ConnectionState {
    Open toOpen(Principal principal, Caller caller) {
      return new Open(principal, caller);
    }

    /** The credential could not be checked just now. */
    AwaitingConnect toAwaitingConnect() {
      return new AwaitingConnect(offered);
    }

    Closed toClosed() {
      return new Closed();
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * Somebody is signed in.
   *
   * @param principal as of the newest token
   * @param caller as of the first, which is who topics know
   */
  record Open(Principal principal, Caller caller) implements ConnectionState {
    Open toRefreshed(Principal newer) {
      return new Open(newer, caller);
    }

    Draining toDraining(Goodbye goodbye) {
      return new Draining(principal, caller, goodbye);
    }

    Closed toClosed() {
      return new Closed();
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** How a connection will be closed. */
  record Goodbye(CloseCode code, Duration after) {}

  /** Somebody is signed in, and what was asked is still answered; nothing new is taken. */
  record Draining(Principal principal, Caller caller, Goodbye goodbye) implements ConnectionState {
    Closed toClosed() {
      return new Closed();
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** We said goodbye, or the transport ended. No way out. */
  record Closed() implements ConnectionState {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }
}
