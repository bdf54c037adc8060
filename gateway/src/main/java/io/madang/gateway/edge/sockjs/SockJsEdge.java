package io.madang.gateway.edge.sockjs;

import io.madang.gateway.connection.Surroundings;
import io.madang.gateway.edge.http.Headers;
import io.madang.gateway.edge.http.Problems;
import io.madang.gateway.edge.websocket.WebSocketEdge;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.identity.http.RequestCredentials;
import io.madang.gateway.limit.AdmissionDesk;
import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.codec.FrameCodec;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.sockjs.SockJSHandler;
import io.vertx.ext.web.handler.sockjs.SockJSHandlerOptions;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import java.util.Optional;
import java.util.function.Function;

/** {@code /sockjs}: SockJS sessions that speak {@code madang.v1}. For one event loop. */
public final class SockJsEdge {
  private static final String PATH = "/sockjs/*";

  /** The longest JSON escape makes six characters of one byte, and a message may be one of a few in one body. */
  public static final int GROWTH = 8;

  private final Vertx vertx;
  private final Headers headers;
  private final AdmissionDesk admission;
  private final RequestCredentials credentials;
  private final Function<HttpServerRequest, String> clientAddress;
  private final Surroundings around;
  private final FrameCodec codec;

  public SockJsEdge(
      Vertx vertx,
      Headers headers,
      AdmissionDesk admission,
      RequestCredentials credentials,
      Function<HttpServerRequest, String> clientAddress,
      Surroundings around,
      FrameCodec codec) {
    this.vertx = vertx;
    this.headers = headers;
    this.admission = admission;
    this.credentials = credentials;
    this.clientAddress = clientAddress;
    this.around = around;
    this.codec = codec;
  }

  public void mount(Router router) {
    SockJSHandlerOptions options = new SockJSHandlerOptions()
        .setInsertJSESSIONID(false)
        // The default is a script from somebody else's server; no page of ours is an iframe that
        // needs one.
        .setLibraryURL("/sockjs.js");
    router.route(PATH).handler(this::turnForeignPagesAway);
    router
        .post(PATH)
        .handler(BodyHandler.create(false)
            .setBodyLimit((long) around.limits().maxMessageBytes() * GROWTH));
    router
        .route(PATH)
        .subRouter(SockJSHandler.create(vertx, options).socketHandler(this::onSocket));
  }

  /** The handler shares its answers with every origin that asks, cookies included; so only those that may get there. */
  private void turnForeignPagesAway(RoutingContext context) {
    if (headers.isAllowed(context.request())) {
      context.next();
    } else {
      Problems.send(
          context.request(),
          Failure.of(
              ErrorCode.FORBIDDEN,
              "Pages of this origin may not connect; an operator can add it to MADANG_ALLOWED_ORIGINS."));
    }
  }

  /** A session was opened; the greeting is out already, so that a refusal can be told in a frame. */
  private void onSocket(SockJSSocket socket) {
    HttpServerRequest request = socket.routingContext().request();
    Optional<Credential> offered = WebSocketEdge.offered(request, credentials);
    String address = clientAddress.apply(request);
    new SockJsSession(socket, offered, around, codec, admission, address);
  }
}
