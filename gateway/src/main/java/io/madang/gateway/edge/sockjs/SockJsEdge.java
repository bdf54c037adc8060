package io.madang.gateway.edge.sockjs;

import io.madang.gateway.edge.http.Headers;
import io.madang.gateway.edge.relay.AwayResponses;
import io.madang.gateway.edge.relay.Homes;
import io.madang.gateway.edge.sockjs.session.Deliver;
import io.madang.gateway.edge.sockjs.session.Opening;
import io.madang.gateway.edge.sockjs.session.Protocol;
import io.madang.gateway.edge.sockjs.session.Receive;
import io.madang.gateway.edge.sockjs.session.SessionTimes;
import io.madang.gateway.edge.sockjs.session.Sessions;
import io.madang.gateway.edge.websocket.Doorman;
import io.madang.gateway.edge.websocket.WebSocketEdge;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.identity.OriginPolicy.Asking;
import io.madang.gateway.identity.http.RequestCredentials;
import io.madang.gateway.limit.AdmissionDesk;
import io.madang.gateway.limit.DeadlineWheel;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** SockJS at a gateway: any number of bases, each with its protocol. For one event loop. */
public final class SockJsEdge {
  /** The longest JSON escape makes six characters of one byte, and a message may be one of a few in one body. */
  public static final int GROWTH = 8;

  /**
   * The loop, and what belongs to it.
   *
   * @param number of the loop among the gateway's, from 0 on
   * @param doorman lets in WebSockets whose messages may be {@link #GROWTH} times as long as those of the native door
   */
  public record Loop(Context context, int number, SessionTimes times, Doorman doorman) {}

  /**
   * Who may come, and as whom.
   *
   * @param origins of pages beside our own that may connect
   * @param isTrustedProxy whether what comes from this address says truly how its client reached us
   */
  public record Door(
      Headers headers,
      Set<String> origins,
      RequestCredentials credentials,
      AdmissionDesk admission,
      Function<HttpServerRequest, String> clientAddress,
      Predicate<String> isTrustedProxy,
      int maxMessageBytes) {}

  private final Loop loop;
  private final Door door;
  private final AwayResponses away = new AwayResponses();

  public SockJsEdge(Loop loop, Door door) {
    this.loop = loop;
    this.door = door;
  }

  /**
   * Offers one base.
   *
   * @param homes of its sessions at this gateway; this loop moves in
   */
  public void mount(
      Router router,
      String base,
      Protocol protocol,
      Homes<Receive, Deliver> homes,
      Gateways gateways) {
    Sessions sessions = new Sessions(loop.times(), protocol, door.admission(), Doorman::failure);
    homes.movedIn(loop.number(), loop.context(), sessions);
    new SockJsServer(
            new SockJsServer.Options(
                base,
                true,
                false,
                SockJsServer.Options.STREAM_BYTES,
                door.maxMessageBytes() * GROWTH),
            new Sharing(door.headers()::isAllowed, door.origins()),
            this::opening,
            new Whereabouts(homes, gateways),
            protocol,
            loop.doorman())
        .mount(router);
  }

  /** How many responses wait here for sessions of other gateways. */
  public int carriesForOthers() {
    return away.size();
  }

  /** As {@link AwayResponses#leave}. */
  public Future<Void> leave(
      Supplier<Duration> slot, Duration window, DeadlineWheel deadlines, LongSupplier clockMs) {
    return away.leave(slot, window, deadlines, clockMs);
  }

  private Opening opening(HttpServerRequest request) {
    // Browsers name no origin when a page of our own opens this one; from others they do.
    Asking asking = request.path().endsWith("/eventsource") ? Asking.READ : Asking.WRITE_OR_UPGRADE;
    return new Opening(
        WebSocketEdge.offered(request, door.credentials(), asking)
            .filter(
                credential -> !(credential instanceof Credential.Cookie) || !isFromIframe(request)),
        door.clientAddress().apply(request));
  }

  /** The page in the frame tells where it is, so that what it asks for another page is not taken for our own pages'. */
  private static boolean isFromIframe(HttpServerRequest request) {
    String page = request.getHeader("Referer");
    if (page == null) {
      return false;
    }
    try {
      String path = URI.create(page).getPath();
      return path != null && path.contains("/iframe");
    } catch (IllegalArgumentException e) {
      return true;
    }
  }

  private final class Whereabouts implements SockJsServer.Whereabouts {
    private final Homes<Receive, Deliver> homes;
    private final Gateways gateways;

    Whereabouts(Homes<Receive, Deliver> homes, Gateways gateways) {
      this.homes = homes;
      this.gateways = gateways;
    }

    @Override
    public Optional<String> address(HttpServerRequest request, String base) {
      return OutsideAddress.of(request, door.isTrustedProxy())
          .map(outside -> outside + base + "/" + SockJsPath.NODE + "/" + gateways.self());
    }

    @Override
    public Gateways.Found find(Optional<String> node, String session) {
      return gateways.find(node, session, () -> homes.of(session, loop.context()));
    }

    @Override
    public AwayResponses away() {
      return away;
    }
  }
}
