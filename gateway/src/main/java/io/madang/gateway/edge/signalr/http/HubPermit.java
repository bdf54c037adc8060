package io.madang.gateway.edge.signalr.http;

import io.madang.gateway.edge.relay.Home;
import io.madang.gateway.edge.relay.Taker;
import io.madang.gateway.edge.relay.Waiting;
import io.madang.gateway.edge.signalr.negotiation.HubDeliver;
import io.madang.gateway.edge.signalr.negotiation.HubReceive;
import io.madang.gateway.edge.signalr.negotiation.HubWhereabouts;
import io.madang.gateway.edge.signalr.negotiation.Negotiations;
import io.madang.gateway.edge.signalr.replay.CarrierEnd;
import io.madang.gateway.edge.websocket.Doorman;
import io.madang.gateway.identity.Credential;
import io.madang.runtime.topic.Payload;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntConsumer;

/**
 * One WebSocket that is to carry a hub connection, as the connection's home sees it: asked for there, and then either the
 * connection lives with the WebSocket, or stays where it is and is told and heard from here. On the loop of the request.
 */
public final class HubPermit implements Doorman.Permit {
  /** So many gateways that stop one after the other hand a connection over while its client is on its way to it. */
  private static final int MAX_MOVES = 4;

  private final Optional<Credential> offered;
  private final String token;
  private final HubWhereabouts whereabouts;
  private final long socket = ThreadLocalRandom.current().nextLong();

  /** The gateway that was asked for the connection last; empty while none was. */
  private Optional<String> node = Optional.empty();

  /** What lives there. */
  private Optional<Home<HubReceive, HubDeliver>> home = Optional.empty();

  /** Whether the home may know of the socket. */
  private boolean isClaimed;

  private boolean carries;

  HubPermit(Optional<Credential> offered, String token, HubWhereabouts whereabouts) {
    this.offered = offered;
    this.token = token;
    this.whereabouts = whereabouts;
  }

  @Override
  public Future<Void> asked() {
    Promise<Void> promise = Promise.promise();
    whereabouts
        .node(token)
        .ifPresentOrElse(
            first -> claim(first, MAX_MOVES, promise), () -> onClaim(promise, Home.UNKNOWN));
    return promise.future();
  }

  private void claim(String at, int moves, Promise<Void> promise) {
    Home<HubReceive, HubDeliver> asked = whereabouts.at(token, at);
    node = Optional.of(at);
    home = Optional.of(asked);
    asked.deliver(
        token,
        new HubDeliver.Claim(offered, whereabouts.self(), socket),
        status -> onClaimed(at, moves, status, promise));
  }

  /** Who handed it over says so, or was gone before it could: then whoever goes on for that one is asked. */
  private void onClaimed(String at, int moves, int status, Promise<Void> promise) {
    boolean isMoved = status == Negotiations.MOVED;
    Optional<String> heir = moves > 0 && (isMoved || status == Home.UNKNOWN)
        ? whereabouts.heirOf().apply(at)
        : Optional.empty();
    heir.ifPresentOrElse(
        next -> claim(next, moves - 1, promise),
        () -> onClaim(promise, isMoved ? Home.UNKNOWN : status));
  }

  private void onClaim(Promise<Void> promise, int status) {
    isClaimed = true;
    carries = status == Negotiations.CARRIES;
    if (status == Home.TAKEN || carries) {
      promise.complete();
    } else {
      // A home that did not answer may have said yes all the same.
      release();
      promise.fail(new RefusedException(status));
    }
  }

  @Override
  public void refuse(HttpServerRequest asking, Throwable why) {
    HubAnswers.send(asking, why instanceof RefusedException refused ? refused.status : 500);
  }

  @Override
  public void release() {
    ended(CarrierEnd.LOST);
  }

  /** Whether the connection lives elsewhere, or may have to, and the WebSocket only carries it. */
  @Override
  public boolean carries() {
    return carries;
  }

  /** Whether it lives at this gateway. */
  public boolean isHere() {
    return node.filter(whereabouts.self()::equals).isPresent();
  }

  /** The WebSocket waits for what is said. */
  public Waiting receive(Taker taker) {
    return home.orElseThrow().receive(token, HubReceive.bySocket(socket), taker);
  }

  /** @param bytes that came, or none where the client only showed that it is there */
  public void carried(byte[] bytes, IntConsumer outcome) {
    home.orElseThrow().deliver(token, new HubDeliver.Carried(socket, Payload.wrap(bytes)), outcome);
  }

  /** Told once; how is a matter of {@link CarrierEnd}. */
  public void ended(int how) {
    if (isClaimed) {
      isClaimed = false;
      tell(how);
    }
  }

  /** The client broke a rule of its transport, for which the connection is to say goodbye. */
  public void violated(int code) {
    tell(code);
  }

  private void tell(int how) {
    home.ifPresent(at -> at.deliver(token, new HubDeliver.Ended(socket, how), status -> {}));
  }

  private static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;

    RefusedException(int status) {
      super("the connection is answered with " + status, null, false, false);
      this.status = status;
    }
  }
}
