package io.madang.gateway.edge.websocket;

import io.madang.gateway.connection.Surroundings;
import io.madang.gateway.connection.measure.LoopCounts;
import io.madang.gateway.identity.AuthenticationException;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.identity.OriginPolicy.Asking;
import io.madang.gateway.identity.http.RequestCredentials;
import io.madang.protocol.codec.FrameCodec;
import io.madang.runtime.config.Secret;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Optional;

/** {@code GET /ws}: WebSockets that speak {@code madang.v1}. For one event loop. */
public final class WebSocketEdge {
  /** The subprotocol a server chooses when the client offers it; a browser that offers any needs one chosen. */
  public static final List<String> SUBPROTOCOLS = List.of("madang.v1");

  private static final String BEARER = "bearer.";

  private final Doorman doorman;
  private final RequestCredentials credentials;
  private final Surroundings around;
  private final LoopCounts counts;
  private final FrameCodec codec;

  public WebSocketEdge(
      Doorman doorman,
      RequestCredentials credentials,
      Surroundings around,
      LoopCounts counts,
      FrameCodec codec) {
    this.doorman = doorman;
    this.credentials = credentials;
    this.around = around;
    this.counts = counts;
    this.codec = codec;
  }

  public void mount(Router router) {
    router.route("/ws").handler(context -> onRequest(context.request()));
  }

  private void onRequest(HttpServerRequest request) {
    Optional<Credential> offered = offered(request, credentials);
    doorman.open(request, socket -> new NativeSocket(socket, offered, around, counts, codec));
  }

  /** The credential that came with a handshake: subprotocol, header, cookie or ticket, in this order. */
  public static Optional<Credential> offered(
      HttpServerRequest request, RequestCredentials credentials) {
    return offered(request, credentials, Asking.WRITE_OR_UPGRADE);
  }

  /** As the other, for a request that may be no handshake. */
  public static Optional<Credential> offered(
      HttpServerRequest request, RequestCredentials credentials, Asking asking) {
    Optional<Credential> inSubprotocol = subprotocolToken(request);
    if (inSubprotocol.isPresent()) {
      return inSubprotocol;
    }
    Optional<Credential> inHeaders = inHeaders(request, credentials, asking);
    if (inHeaders.isPresent()) {
      return inHeaders;
    }
    return Optional.ofNullable(request.getParam("ticket"))
        .map(ticket -> new Credential.Ticket(new Secret(ticket)));
  }

  private static Optional<Credential> subprotocolToken(HttpServerRequest request) {
    for (String header : request.headers().getAll("Sec-WebSocket-Protocol")) {
      for (String offer : header.split(",", -1)) {
        if (offer.strip().startsWith(BEARER)) {
          return Optional.of(
              new Credential.Bearer(new Secret(offer.strip().substring(BEARER.length()))));
        }
      }
    }
    return Optional.empty();
  }

  /** A cookie that does not count is none: the client can still sign in by a frame. */
  private static Optional<Credential> inHeaders(
      HttpServerRequest request, RequestCredentials credentials, Asking asking) {
    try {
      return credentials.of(request, asking);
    } catch (AuthenticationException e) {
      return Optional.empty();
    }
  }
}
