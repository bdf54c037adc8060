package io.madang.gateway.edge.http;

import io.madang.gateway.identity.OriginPolicy;
import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/** The headers every answer carries, and what pages of other origins may do. */
public final class Headers {
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
          + "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
  private static final String A_DAY = "86400";

  /** That some address below {@code /api} takes. */
  static final String METHODS = "GET, HEAD, POST, PATCH, DELETE, OPTIONS";

  private static final String METHODS_OF_API = "GET, HEAD, POST, PATCH, DELETE";

  private final OriginPolicy origins;

  public Headers(OriginPolicy origins) {
    this.origins = origins;
  }

  /** For every request: nothing here is meant to be framed, sniffed, or told where a visitor came from. */
  public static void secure(RoutingContext context) {
    MultiMap headers = context.response().headers();
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Content-Security-Policy", CONTENT_SECURITY_POLICY);
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.set("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
    context.next();
  }

  /** For what programs ask: lets pages of allowed origins read the answer, and turns other pages away. */
  public void shareWithAllowedOrigins(RoutingContext context) {
    boolean goesOn = share(
        context.request(),
        METHODS_OF_API,
        "Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID, Upload-Offset,"
            + " Upload-Complete, Upload-Length, Repr-Digest");
    if (goesOn) {
      context.next();
    }
  }

  /**
   * Lets pages of allowed origins read the answer, and turns other pages away.
   *
   * @param methods that are taken here
   * @param requestHeaders that pages may send
   * @return false when the request is answered by that already
   */
  public boolean share(HttpServerRequest request, String methods, String requestHeaders) {
    MultiMap headers = request.response().headers();
    headers.add(HttpHeaders.VARY, "Origin");
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (origin == null) {
      return answerOptions(request, methods);
    }
    if (!isAllowed(request)) {
      Problems.send(
          request,
          Failure.of(
              ErrorCode.FORBIDDEN,
              "Pages of this origin may not ask here; an operator can add it to MADANG_ALLOWED_ORIGINS."));
      return false;
    }
    headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
    headers.set(
        HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS,
        "Retry-After, ETag, Allow, WWW-Authenticate, Location, Upload-Offset, Upload-Complete, Upload-Length");
    if (request.method().equals(HttpMethod.OPTIONS)) {
      headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, methods);
      headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, requestHeaders);
      headers.set(HttpHeaders.ACCESS_CONTROL_MAX_AGE, A_DAY);
    }
    return answerOptions(request, methods);
  }

  /** Which methods an address takes it says itself when it gets another; here it is enough what any takes. */
  private static boolean answerOptions(HttpServerRequest request, String methods) {
    boolean isAsked = request.method().equals(HttpMethod.OPTIONS);
    if (isAsked) {
      request
          .response()
          .putHeader(HttpHeaders.ALLOW, methods + ", OPTIONS")
          .setStatusCode(204)
          .end();
    }
    return !isAsked;
  }

  /** Whether a socket may be opened: by a program, which names no origin, or by a page of an allowed one. */
  public boolean isAllowed(HttpServerRequest request) {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    String host = request.authority() == null ? null : request.authority().toString();
    return origin == null || origins.allows(origin, host);
  }
}
