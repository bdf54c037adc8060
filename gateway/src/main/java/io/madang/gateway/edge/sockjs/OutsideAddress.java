package io.madang.gateway.edge.sockjs;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** How a client reached us, as far as that is known: what a proxy says counts only where the proxy is trusted. */
final class OutsideAddress {
  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9._-]+(:[0-9]{1,5})?|\\[[0-9a-fA-F:.]+](:[0-9]{1,5})?");

  private OutsideAddress() {}

  /** Scheme and host; empty where a proxy stands between that is not trusted to say them. */
  static Optional<String> of(HttpServerRequest request, Predicate<String> isTrusted) {
    String host = request.getHeader("X-Forwarded-Host");
    String scheme = request.getHeader("X-Forwarded-Proto");
    boolean isProxied = host != null
        || scheme != null
        || request.getHeader("X-Forwarded-For") != null
        || request.getHeader("Forwarded") != null
        || request.getHeader("Via") != null;
    if (isProxied && !isTrusted.test(request.remoteAddress().hostAddress())) {
      return Optional.empty();
    }
    if (host == null) {
      host = request.getHeader("Host");
    }
    if (request.version() == HttpVersion.HTTP_1_0 || host == null) {
      // Proxies speak 1.0 that were told nothing, and they write a host of their own.
      return Optional.empty();
    }
    if (scheme == null) {
      scheme = request.isSSL() ? "https" : "http";
    }
    boolean isAddress =
        HOST.matcher(host).matches() && (scheme.equals("http") || scheme.equals("https"));
    return isAddress ? Optional.of(scheme + "://" + host) : Optional.empty();
  }
}
