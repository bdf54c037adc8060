package io.madang.gateway.identity.http;

import io.madang.gateway.identity.AuthenticationException;
import io.madang.gateway.identity.AuthenticationException.Reason;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.identity.OriginPolicy;
import io.madang.runtime.config.Secret;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/**
 * Finds the credential that a request carries in its headers. Immutable.
 *
 * <p>What a door carries elsewhere (a ticket in the address, a token in a subprotocol or a frame) is that door's to find. A
 * door whose answers any page can read (jsonp, htmlfile, an iframe) uses {@link #bearer} and never the cookie.
 */
public final class RequestCredentials {
  private static final String BEARER = "Bearer ";

  private final OriginPolicy origins;

  public RequestCredentials(OriginPolicy origins) {
    this.origins = origins;
  }

  /**
   * The access token of the Authorization header, or else of the cookie. Empty when there is neither.
   *
   * @throws AuthenticationException {@link Reason#ORIGIN_REFUSED} when there is a cookie and its page may not use it
   */
  public Optional<Credential> of(HttpServerRequest request, OriginPolicy.Asking asking) {
    Optional<Credential> bearer = bearer(request);
    if (bearer.isPresent()) {
      return bearer;
    }
    return AuthCookies.access(request)
        .map(token -> new Credential.Cookie(trusted(request, asking, token)));
  }

  /** The access token of the Authorization header; other schemes than Bearer are somebody else's. */
  public Optional<Credential> bearer(HttpServerRequest request) {
    String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return Optional.empty();
    }
    return Optional.of(
        new Credential.Bearer(new Secret(header.substring(BEARER.length()).strip())));
  }

  /** The refresh token of the cookie, under the same rule as {@link #of}. */
  Optional<Secret> refreshCookie(HttpServerRequest request) {
    return AuthCookies.refresh(request)
        .map(token -> trusted(request, OriginPolicy.Asking.WRITE_OR_UPGRADE, token));
  }

  private Secret trusted(HttpServerRequest request, OriginPolicy.Asking asking, Secret token) {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (!origins.trustsCookie(origin, host(request), asking)) {
      throw new AuthenticationException(Reason.ORIGIN_REFUSED);
    }
    return token;
  }

  /** Whether a page of another origin sent this, one that is not allowed here. */
  boolean isFromForeignPage(HttpServerRequest request) {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    return origin != null && !origins.allows(origin, host(request));
  }

  private static String host(HttpServerRequest request) {
    return request.authority() == null ? null : request.authority().toString();
  }
}
