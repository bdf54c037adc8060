package io.madang.gateway.identity.http;

import io.madang.gateway.identity.Credential;
import io.madang.runtime.config.Secret;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.util.Optional;

/**
 * What stands for a ticket that opened an event stream, when the browser opens the stream again by itself: the address still
 * carries the ticket, which is used up. An access token that ends when the ticket's sign-in does, sent to {@value #PATH} only
 * and hidden from scripts.
 */
public final class StreamCookie {
  static final String PATH = "/stream";

  private static final String NAME = "madang-stream";

  private StreamCookie() {}

  /** What an earlier use of a ticket left. To be looked at only beside a ticket, and if the asking page may use cookies. */
  public static Optional<Credential> of(HttpServerRequest request) {
    return AuthCookies.value(request, name(request)).map(Credential.Cookie::new);
  }

  /** A header of the answer to the request in which a ticket was used. */
  public static String header(
      HttpServerRequest request, Secret accessToken, Instant now, Instant until) {
    Cookie cookie = AuthCookies.cookie(request, name(request), accessToken, PATH, now, until);
    if (isOfAnotherHost(request) && cookie.isSecure()) {
      // Its page may read the stream, and its browser is to come back as well.
      cookie.setSameSite(CookieSameSite.NONE);
    }
    return cookie.encode();
  }

  /** A page that may not ask has not got this far. */
  private static boolean isOfAnotherHost(HttpServerRequest request) {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    return origin != null && !origin.endsWith("://" + request.authority());
  }

  private static String name(HttpServerRequest request) {
    return AuthCookies.isPlainLoopback(request) ? NAME : "__Secure-" + NAME;
  }
}
