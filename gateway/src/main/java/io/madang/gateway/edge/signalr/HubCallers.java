package io.madang.gateway.edge.signalr;

import io.madang.gateway.identity.AuthenticationException;
import io.madang.gateway.identity.AuthenticationException.Reason;
import io.madang.gateway.identity.Authenticator;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.identity.OriginPolicy.Asking;
import io.madang.gateway.identity.http.RequestCredentials;
import io.madang.runtime.config.Secret;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/**
 * Who asks at a hub's path: by the Authorization header, by {@value #QUERY} in the address, where browsers can carry it nowhere
 * else, or by the sign-in cookie. For one event loop.
 */
public final class HubCallers {
  /** The parameter of the address that is a token; never to be logged. */
  public static final String QUERY = "access_token";

  private final RequestCredentials credentials;
  private final Authenticator authenticator;
  private final boolean letsGuestsIn;

  public HubCallers(
      RequestCredentials credentials, Authenticator authenticator, boolean letsGuestsIn) {
    this.credentials = credentials;
    this.authenticator = authenticator;
    this.letsGuestsIn = letsGuestsIn;
  }

  /** What the request shows, not judged. A cookie of a page that may not use it is none. */
  public Optional<Credential> offered(HttpServerRequest request) {
    Optional<Credential> bearer = credentials.bearer(request);
    if (bearer.isPresent()) {
      return bearer;
    }
    String token = request.getParam(QUERY);
    if (token != null && !token.isEmpty()) {
      return Optional.of(new Credential.Bearer(new Secret(token)));
    }
    try {
      return credentials.of(request, asking(request));
    } catch (AuthenticationException e) {
      // Who names a foreign origin is turned away by the doors themselves. This is for who names
      // none
      // where browsers always do, and so is no page of ours.
      return Optional.empty();
    }
  }

  /** Browsers name no origin when a page of ours only reads. */
  private static Asking asking(HttpServerRequest request) {
    boolean isRead =
        request.method().equals(HttpMethod.GET) && request.getHeader("Upgrade") == null;
    return isRead ? Asking.READ : Asking.WRITE_OR_UPGRADE;
  }

  /**
   * What the request shows, judged; empty for somebody who shows nothing where guests are let in. Fails with {@link
   * AuthenticationException}, which is to be answered with 401 (503 where nothing can be judged just now).
   */
  public Future<Optional<Credential>> admitted(HttpServerRequest request) {
    Optional<Credential> offered = offered(request);
    if (offered.isEmpty()) {
      return letsGuestsIn
          ? Future.succeededFuture(offered)
          : Future.failedFuture(new AuthenticationException(Reason.BAD_TOKEN));
    }
    return authenticator.authenticate(offered.get()).map(principal -> offered);
  }
}
