package io.madang.gateway.identity.http;

import io.madang.gateway.identity.AuthenticationException;
import io.madang.gateway.identity.account.Refusal;
import io.madang.gateway.identity.account.RefusedException;
import io.madang.gateway.identity.postgres.StoreFaultException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/**
 * A refusal as RFC 9457 problem details, with our code and the time to wait beside the members it names.
 *
 * @param retryAfter zero when the same request will not do better later
 */
record Problem(int status, String code, String detail, Duration retryAfter) {
  private static final Duration STORE_RETRY = Duration.ofSeconds(2);

  /** How a failure is told; what is not meant for the outside is told as {@code internal}, without a word on the cause. */
  static Problem of(Throwable failure) {
    if (failure instanceof RefusedException refused) {
      return of(refused.refusal(), refused.getMessage(), refused.retryAfter());
    }
    if (failure instanceof AuthenticationException refused) {
      return new Problem(
          status(refused.reason()),
          refused.reason().code(),
          refused.getMessage(),
          refused.retryAfter());
    }
    if (failure instanceof StoreFaultException) {
      return of(
          Refusal.UNAVAILABLE, "Accounts cannot be reached right now; try again.", STORE_RETRY);
    }
    return of(Refusal.INTERNAL, "Something went wrong on our side.", Duration.ZERO);
  }

  static Problem of(Refusal refusal, String detail, Duration retryAfter) {
    return new Problem(refusal.httpStatus(), refusal.code(), detail, retryAfter);
  }

  private static int status(AuthenticationException.Reason reason) {
    return switch (reason) {
      case BAD_TOKEN, TOKEN_EXPIRED, BAD_TICKET, REVOKED -> 401;
      case ORIGIN_REFUSED -> 403;
      case UNAVAILABLE -> 503;
    };
  }

  void send(HttpServerResponse response) {
    if (status == 401) {
      response.putHeader("WWW-Authenticate", "Bearer");
    }
    if (!retryAfter.isZero()) {
      response.putHeader(
          HttpHeaders.RETRY_AFTER, String.valueOf((retryAfter.toMillis() + 999) / 1000));
    }
    response
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(body(response.getStatusMessage()).toBuffer());
  }

  private JsonObject body(String title) {
    return new JsonObject()
        .put("type", "about:blank")
        .put("title", title)
        .put("status", status)
        .put("code", code)
        .put("detail", detail)
        .put("message", detail)
        .put("retry", retryAfter.isZero() ? "never" : "later")
        .put("retryAfterMs", retryAfter.toMillis());
  }
}
