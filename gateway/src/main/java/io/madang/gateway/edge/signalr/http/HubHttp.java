package io.madang.gateway.edge.signalr.http;

import io.madang.gateway.command.Refusals;
import io.madang.gateway.edge.http.Headers;
import io.madang.gateway.edge.http.Problems;
import io.madang.gateway.edge.http.WholeBody;
import io.madang.gateway.edge.relay.AwayResponses;
import io.madang.gateway.edge.relay.Home;
import io.madang.gateway.edge.signalr.negotiation.HubDeliver;
import io.madang.gateway.edge.signalr.negotiation.HubReceive;
import io.madang.gateway.edge.signalr.negotiation.HubTokens;
import io.madang.gateway.edge.signalr.negotiation.HubWhereabouts;
import io.madang.gateway.edge.signalr.negotiation.Negotiations;
import io.madang.gateway.edge.signalr.session.HubTransport;
import io.madang.gateway.edge.websocket.Doorman;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.limit.DeadlineWheel;
import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.runtime.hub.Hub;
import io.madang.runtime.topic.Payload;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * All that is asked at the path of a hub but WebSockets, and whether one of those may carry what was negotiated. For one event
 * loop; any loop of any gateway may be asked for any connection.
 */
public final class HubHttp {
  /** A body may be as long as so many messages: clients send together what piled up. */
  public static final int MESSAGES_PER_BODY = 32;

  private static final String METHODS = "GET, POST, DELETE";
  private static final String REQUEST_HEADERS =
      "Authorization, Content-Type, X-Requested-With, X-SignalR-User-Agent";
  private static final Duration SOON = Duration.ofSeconds(1);

  /**
   * Who may come, and as whom.
   *
   * @param offered what a request says of who sends it
   * @param letsGuestsIn whether who shows nothing may come
   * @param redirect where clients are sent instead of being let in
   * @param isClosing whether this gateway stops, and begins neither connections nor streams any more
   */
  public record Door(
      Headers headers,
      Function<HttpServerRequest, Optional<Credential>> offered,
      boolean letsGuestsIn,
      Function<HttpServerRequest, String> clientAddress,
      Optional<HubRedirect> redirect,
      BooleanSupplier isClosing,
      int maxBodyBytes) {}

  private final Door door;
  private final Negotiations here;
  private final HubWhereabouts whereabouts;
  private final AwayResponses away = new AwayResponses();

  /** @param here where this loop's negotiations are kept */
  public HubHttp(Door door, Negotiations here, HubWhereabouts whereabouts) {
    this.door = door;
    this.here = here;
    this.whereabouts = whereabouts;
  }

  // Negotiation.

  /** Something came at a hub's address with {@code /negotiate} behind it. */
  public void onNegotiation(HttpServerRequest request, Hub hub) {
    if (!door.headers().share(request, "POST", REQUEST_HEADERS)) {
      return;
    }
    if (!request.method().name().equals("POST")) {
      HubAnswers.wrongMethod(request, "POST, OPTIONS");
      return;
    }
    Optional<NegotiationText.Version> version =
        NegotiationText.version(request.getParam("negotiateVersion"));
    Optional<Credential> offered = door.offered().apply(request);
    if (offered.isEmpty() && !door.letsGuestsIn()) {
      HubAnswers.send(request, Negotiations.UNAUTHORIZED);
    } else if (version.isEmpty()) {
      answer(request, NegotiationText.notAnInteger());
    } else if (version.get().isTooLow()) {
      answer(request, NegotiationText.tooLow(version.get()));
    } else if (door.redirect().isPresent()) {
      String there = door.redirect().get().to(hubPath(request), request.query());
      answer(request, NegotiationText.redirect(there));
    } else if (door.isClosing().getAsBoolean()) {
      Problems.send(request, closing());
    } else {
      boolean wantsResume = "true".equalsIgnoreCase(request.getParam("useStatefulReconnect"));
      here.negotiate(hub, wantsResume, offered, door.clientAddress().apply(request))
          .onSuccess(invited -> answer(request, NegotiationText.invitation(version.get(), invited)))
          .onFailure(cause -> Problems.send(request, failure(cause)));
    }
  }

  private static Failure closing() {
    return Problems.later(ErrorCode.UNAVAILABLE, "This gateway stops.", SOON);
  }

  /** Of the hub that is asked for, as its client spells it. */
  private static String hubPath(HttpServerRequest request) {
    return request
        .path()
        .substring(0, request.path().lastIndexOf('/', request.path().length() - 2));
  }

  private static Failure failure(Throwable cause) {
    return cause instanceof Negotiations.NoPlaceException noPlace
        ? Doorman.failure(noPlace.verdict())
        : Refusals.failure(cause);
  }

  private static void answer(HttpServerRequest request, String json) {
    if (request.response().ended() || request.response().closed()) {
      return;
    }
    HubAnswers.storeNothing(request.response());
    Problems.closeBehindUnreadBody(request);
    request.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(json);
  }

  // Transports.

  /** Something came at a hub's address that is no WebSocket. */
  public void onRequest(HttpServerRequest request) {
    if (!door.headers().share(request, METHODS, REQUEST_HEADERS)) {
      return;
    }
    String token = request.getParam("id");
    switch (request.method().name()) {
      case "GET" -> withId(request, token, () -> receive(request, token));
      case "POST" -> withId(request, token, () -> post(request, token));
      case "DELETE" ->
        withId(
            request,
            token,
            () -> deliver(request, token, new HubDeliver.Delete(door.offered().apply(request))));
      default -> HubAnswers.wrongMethod(request, METHODS + ", OPTIONS");
    }
  }

  private static void withId(HttpServerRequest request, String token, Runnable known) {
    if (token == null || token.isEmpty()) {
      HubAnswers.noId(request);
    } else {
      known.run();
    }
  }

  private void receive(HttpServerRequest request, String token) {
    String accepted = request.getHeader(HttpHeaders.ACCEPT);
    boolean isStream = accepted != null && accepted.contains("text/event-stream");
    HubTransport transport = isStream ? HubTransport.SERVER_SENT_EVENTS : HubTransport.LONG_POLLING;
    Optional<Home<HubReceive, HubDeliver>> home = whereabouts.home(token);
    if (home.isEmpty()) {
      HubAnswers.send(request, Home.UNKNOWN);
      return;
    }
    if (isStream && door.isClosing().getAsBoolean()) {
      // Begun now, it would end in the middle of the handshake, from which some clients never
      // recover.
      Problems.send(request, closing());
      return;
    }
    HubReceive waits = new HubReceive(door.offered().apply(request), transport);
    if (whereabouts.isHere(token)) {
      HubTaker taker = new HubTaker(request, isStream, () -> {});
      taker.waitsFor(home.get().receive(token, waits, taker));
    } else {
      new Elsewhere(request, isStream, token, home.get()).begin(waits);
    }
  }

  /** A response that waits for a connection of another gateway. */
  private final class Elsewhere implements AwayResponses.Away {
    private final boolean isStream;
    private final String token;
    private final Home<HubReceive, HubDeliver> home;
    private final HubTaker taker;

    Elsewhere(
        HttpServerRequest request,
        boolean isStream,
        String token,
        Home<HubReceive, HubDeliver> home) {
      this.isStream = isStream;
      this.token = token;
      this.home = home;
      this.taker = new HubTaker(request, isStream, () -> away.ended(this));
    }

    void begin(HubReceive waits) {
      taker.waitsFor(home.receive(token, waits, taker));
      if (!taker.isOver()) {
        away.began(this);
      }
    }

    @Override
    public void leave() {
      if (isStream) {
        // How much of it the client has is known at home alone, which says goodbye behind that.
        home.deliver(token, new HubDeliver.Leaving(), status -> {});
      } else {
        taker.endForAnother();
      }
    }
  }

  /** How many responses wait here for connections of other gateways. */
  public int carriesForOthers() {
    return away.size();
  }

  /** As {@link AwayResponses#leave}. */
  public Future<Void> leave(
      Supplier<Duration> slot, Duration window, DeadlineWheel deadlines, LongSupplier clockMs) {
    return away.leave(slot, window, deadlines, clockMs);
  }

  private void post(HttpServerRequest request, String token) {
    Optional<Credential> offered = door.offered().apply(request);
    WholeBody.of(request, door.maxBodyBytes())
        .onSuccess(body ->
            deliver(request, token, new HubDeliver.Post(offered, Payload.wrap(body.getBytes()))))
        .onFailure(tooLarge -> HubAnswers.tooLarge(request));
  }

  private void deliver(HttpServerRequest request, String token, HubDeliver what) {
    whereabouts
        .home(token)
        .ifPresentOrElse(
            home -> home.deliver(token, what, status -> HubAnswers.send(request, status)),
            () -> HubAnswers.send(request, Home.UNKNOWN));
  }

  // WebSockets.

  /** The public id of the connection that a token proves, once {@link #permit} has said so. */
  public static String connection(String token) {
    return HubTokens.read(token).map(HubTokens.Read::connection).orElseThrow();
  }

  /** Whether the WebSocket that is asked for may carry the connection that it names. */
  public HubPermit permit(HttpServerRequest request, String token) {
    return new HubPermit(door.offered().apply(request), token, whereabouts);
  }
}
