package io.madang.gateway.identity.http;

import io.madang.gateway.identity.issuer.SignedIn;
import io.madang.runtime.config.Secret;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The two cookies of a sign-in: the access token, for every door, and the refresh token, sent to {@value #REFRESH_PATH} only.
 * No script can read them, no other site makes the browser send them, and their prefixes keep a neighbour host or plain HTTP
 * from planting its own.
 *
 * <p>On loopback without TLS browsers would drop prefixed cookies, and there is nobody between to plant one: there, and only
 * there, the plain names are used.
 */
final class AuthCookies {
  static final String REFRESH_PATH = "/api/auth";

  private static final String ACCESS = "madang";
  private static final String REFRESH = "madang-refresh";

  private AuthCookies() {}

  static Optional<Secret> access(HttpServerRequest request) {
    return value(request, accessName(request));
  }

  static Optional<Secret> refresh(HttpServerRequest request) {
    return value(request, refreshName(request));
  }

  static void set(HttpServerRequest request, SignedIn signedIn, Instant now) {
    add(
        request,
        accessName(request),
        signedIn.accessToken(),
        "/",
        now,
        signedIn.principal().expiresAt());
    add(
        request,
        refreshName(request),
        signedIn.refreshToken(),
        REFRESH_PATH,
        now,
        signedIn.signedInUntil());
  }

  static void clear(HttpServerRequest request) {
    Secret nothing = new Secret("");
    add(request, accessName(request), nothing, "/", Instant.EPOCH, Instant.EPOCH);
    add(request, refreshName(request), nothing, REFRESH_PATH, Instant.EPOCH, Instant.EPOCH);
  }

  /** The value of a cookie of ours; an empty one is none. */
  static Optional<Secret> value(HttpServerRequest request, String name) {
    return Optional.ofNullable(request.getCookie(name))
        .map(Cookie::getValue)
        .filter(value -> !value.isEmpty())
        .map(Secret::new);
  }

  private static void add(
      HttpServerRequest request,
      String name,
      Secret value,
      String path,
      Instant now,
      Instant until) {
    request.response().addCookie(cookie(request, name, value, path, now, until));
  }

  static Cookie cookie(
      HttpServerRequest request,
      String name,
      Secret value,
      String path,
      Instant now,
      Instant until) {
    return Cookie.cookie(name, value.value())
        .setPath(path)
        .setHttpOnly(true)
        .setSecure(!isPlainLoopback(request))
        .setSameSite(CookieSameSite.STRICT)
        .setMaxAge(Math.max(0, Duration.between(now, until).toSeconds()));
  }

  private static String accessName(HttpServerRequest request) {
    return isPlainLoopback(request) ? ACCESS : "__Host-" + ACCESS;
  }

  /** A path of its own and the stricter prefix exclude each other. */
  private static String refreshName(HttpServerRequest request) {
    return isPlainLoopback(request) ? REFRESH : "__Secure-" + REFRESH;
  }

  /** By the host the browser asked for: behind a proxy on the same machine every peer is loopback. */
  static boolean isPlainLoopback(HttpServerRequest request) {
    HostAndPort authority = request.authority();
    if (request.isSSL() || authority == null) {
      return false;
    }
    String host = authority.host();
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}")
        || host.equals("[::1]")
        || host.equals("::1");
  }
}
