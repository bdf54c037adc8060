package io.madang.gateway.edge.sockjs;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which pages may read the answers of a base, and use it at all.
 *
 * @param isAllowed whether the request comes from an allowed page, or from none
 * @param origins of the allowed pages beside our own
 */
public record Sharing(Predicate<HttpServerRequest> isAllowed, Set<String> origins) {
  private static final String A_YEAR_S = "31536000";

  /** Lets the page that asks read the answer, cookies included, if it is an allowed one; else adds nothing. */
  void share(HttpServerRequest request) {
    if (!isAllowed.test(request)) {
      return;
    }
    MultiMap headers = request.response().headers();
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (origin == null) {
      headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    } else {
      headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
      headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
      headers.add(HttpHeaders.VARY, "Origin");
    }
    String wanted = request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);
    if (wanted != null && !wanted.isEmpty()) {
      headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, wanted);
    }
  }

  /** Answers what a browser asks before a request that is not simple. */
  void answerPreflight(HttpServerRequest request, String methods) {
    share(request);
    Answers.cacheForAYear(request.response());
    request
        .response()
        .setStatusCode(204)
        .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, methods)
        .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, A_YEAR_S)
        .end();
  }
}
