package io.madang.gateway.edge.websocket;

import io.madang.gateway.edge.http.Headers;
import io.madang.gateway.edge.http.HttpLinks;
import io.madang.gateway.edge.http.Problems;
import io.madang.gateway.limit.Admission;
import io.madang.gateway.limit.AdmissionDesk;
import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets HTTP requests become sockets: those that ask for it, from pages that may, while there is room. Everybody else gets an
 * HTTP answer. For one event loop.
 */
public final class Doorman {
  private static final Logger LOG = LoggerFactory.getLogger(Doorman.class);
  private static final Duration FULL_RETRY = Duration.ofSeconds(30);

  private final Headers headers;
  private final AdmissionDesk admission;
  private final HttpLinks links;
  private final Function<HttpServerRequest, String> clientAddress;

  public Doorman(
      Headers headers,
      AdmissionDesk admission,
      HttpLinks links,
      Function<HttpServerRequest, String> clientAddress) {
    this.headers = headers;
    this.admission = admission;
    this.links = links;
    this.clientAddress = clientAddress;
  }

  /**
   * @param opened is given the socket, and what must be run once when that is closed
   */
  void open(HttpServerRequest request, BiConsumer<ServerWebSocket, Runnable> opened) {
    if (!request.canUpgradeToWebSocket()) {
      Problems.send(
          request, Failure.of(ErrorCode.BAD_REQUEST, "This address takes WebSockets only."));
      return;
    }
    if (!headers.isAllowed(request)) {
      Problems.send(
          request,
          Failure.of(
              ErrorCode.FORBIDDEN,
              "Pages of this origin may not connect; an operator can add it to MADANG_ALLOWED_ORIGINS."));
      return;
    }
    // Vert.x reads on during the hop to the desk unless told to wait, and then it is too late to
    // upgrade.
    request.pause();
    String address = clientAddress.apply(request);
    admission.admit(address).onSuccess(verdict -> {
      request.resume();
      if (verdict instanceof Admission.Welcome) {
        upgrade(request, opened, () -> admission.release(address));
      } else {
        Problems.send(request, failure(verdict));
      }
    });
  }

  private void upgrade(
      HttpServerRequest request, BiConsumer<ServerWebSocket, Runnable> opened, Runnable release) {
    HttpConnection connection = request.connection();
    request
        .toWebSocket()
        .onSuccess(socket -> {
          links.onUpgrade(connection);
          opened.accept(socket, release);
        })
        .onFailure(cause -> {
          LOG.debug("A handshake failed: {}", cause.getMessage());
          release.run();
          Problems.send(
              request,
              Failure.of(ErrorCode.BAD_REQUEST, "The WebSocket handshake is not a good one."));
        });
  }

  /** What a newcomer is told for whom there is no room. */
  public static Failure failure(Admission.Verdict verdict) {
    if (verdict instanceof Admission.TooFast tooFast) {
      return Problems.later(
          ErrorCode.TOO_MANY_CONNECTIONS,
          "New connections come faster than they can be taken.",
          Duration.ofMillis(tooFast.retryAfterMs()));
    }
    return Problems.later(
        ErrorCode.TOO_MANY_CONNECTIONS,
        "This address has as many connections as one may have.",
        FULL_RETRY);
  }
}
