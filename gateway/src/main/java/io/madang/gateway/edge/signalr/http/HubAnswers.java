package io.madang.gateway.edge.signalr.http;

import io.madang.gateway.edge.http.Problems;
import io.madang.gateway.edge.relay.Home;
import io.madang.gateway.edge.signalr.negotiation.Negotiations;
import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;

/** The answers that bring no messages, in the words that clients of SignalR know. */
final class HubAnswers {
  private static final Duration SOON = Duration.ofSeconds(1);

  private HubAnswers() {}

  static void storeNothing(HttpServerResponse response) {
    response
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache, no-store, must-revalidate")
        .putHeader("Pragma", "no-cache")
        .putHeader(HttpHeaders.EXPIRES, "Thu, 01 Jan 1970 00:00:00 GMT");
  }

  /** Answers with what became of a request that brought or asked something. */
  static void send(HttpServerRequest request, int status) {
    switch (status) {
      case Home.UNKNOWN -> text(request, status, "No Connection with that ID");
      case Negotiations.OTHER_TRANSPORT ->
        text(request, status, "Cannot change transports mid-connection");
      case Negotiations.NOT_BY_POST ->
        text(request, status, "POST requests are not allowed for WebSocket connections.");
      case Negotiations.ALREADY_ACTIVE ->
        text(request, status, "The connection is active already.");
      case Negotiations.UNAUTHORIZED ->
        Problems.send(
            request,
            Failure.of(
                ErrorCode.UNAUTHENTICATED,
                "Nobody is signed in; send an access token or the sign-in cookie."));
      case Negotiations.NOT_NOW ->
        Problems.send(
            request,
            Problems.later(
                ErrorCode.UNAVAILABLE, "The credential cannot be checked right now.", SOON));
      default -> empty(request, status);
    }
  }

  static void noId(HttpServerRequest request) {
    text(request, 400, "Connection ID required");
  }

  static void tooLarge(HttpServerRequest request) {
    text(request, 413, "The body is larger than this address takes.");
  }

  static void wrongMethod(HttpServerRequest request, String allowed) {
    request.response().putHeader(HttpHeaders.ALLOW, allowed);
    empty(request, 405);
  }

  private static void empty(HttpServerRequest request, int status) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    storeNothing(response);
    Problems.closeBehindUnreadBody(request);
    response.setStatusCode(status).end();
  }

  private static void text(HttpServerRequest request, int status, String text) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    storeNothing(response);
    Problems.closeBehindUnreadBody(request);
    response
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=UTF-8")
        .end(text);
  }
}
