package io.madang.gateway.edge.sockjs;

import io.madang.gateway.edge.http.Problems;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** The answers that are no frames. None begins with the letter of a frame: one client reads the bodies of errors too. */
final class Answers {
  private static final int A_YEAR_S = 31_536_000;
  private static final String TEXT = "text/plain; charset=UTF-8";

  private Answers() {}

  static void cacheForAYear(HttpServerResponse response) {
    response
        .putHeader(HttpHeaders.CACHE_CONTROL, "public, max-age=" + A_YEAR_S)
        .putHeader(
            HttpHeaders.EXPIRES,
            DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(A_YEAR_S)));
  }

  static void storeNothing(HttpServerResponse response) {
    response.putHeader(
        HttpHeaders.CACHE_CONTROL, "no-store, no-cache, no-transform, must-revalidate, max-age=0");
  }

  static void text(HttpServerRequest request, int status, String text) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, TEXT);
    Problems.closeBehindUnreadBody(request);
    if (status == 204) {
      response.end();
    } else {
      response.end(text);
    }
  }

  static void nothingHere(HttpServerRequest request) {
    text(request, 404, "There is nothing at this address.\n");
  }

  static void wrongMethod(HttpServerRequest request, String allowed) {
    request.response().setStatusCode(405).putHeader(HttpHeaders.ALLOW, allowed);
    Problems.closeBehindUnreadBody(request);
    request.response().end();
  }
}
