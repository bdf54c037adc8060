package io.madang.gateway.edge.sse;

import io.madang.gateway.identity.AuthenticationException;
import io.madang.gateway.identity.AuthenticationException.Reason;
import io.madang.gateway.identity.Authenticator;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.identity.OriginPolicy.Asking;
import io.madang.gateway.identity.Principal;
import io.madang.gateway.identity.http.RequestCredentials;
import io.madang.gateway.identity.http.StreamCookie;
import io.madang.runtime.config.Secret;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Who asks for a stream: by the Authorization header, by a ticket in the address, or by the sign-in cookie. A ticket counts
 * once and leaves a cookie, by which a browser that opens the same address again by itself is known. For one event loop.
 */
public final class StreamCallers {
  private final RequestCredentials credentials;
  private final Authenticator authenticator;
  private final Function<Principal, Secret> tokens;
  private final Supplier<Instant> clock;

  /** @param tokens an access token that says the same of somebody who showed a ticket */
  public StreamCallers(
      RequestCredentials credentials,
      Authenticator authenticator,
      Function<Principal, Secret> tokens,
      Supplier<Instant> clock) {
    this.credentials = credentials;
    this.authenticator = authenticator;
    this.tokens = tokens;
    this.clock = clock;
  }

  /** What the request shows, a ticket changed into a token already; fails with {@link AuthenticationException}. */
  Future<Optional<Credential>> caller(HttpServerRequest request) {
    Optional<Credential> bearer = credentials.bearer(request);
    String ticket = request.params().get("ticket");
    if (bearer.isPresent() || ticket == null) {
      return inHeaders(request);
    }
    return authenticator
        .authenticate(new Credential.Ticket(new Secret(ticket)))
        .map(principal -> Optional.of(keep(request, principal)))
        .recover(cause -> again(request, cause));
  }

  private Future<Optional<Credential>> inHeaders(HttpServerRequest request) {
    try {
      return Future.succeededFuture(credentials.of(request, Asking.READ));
    } catch (AuthenticationException e) {
      return Future.failedFuture(e);
    }
  }

  private Credential keep(HttpServerRequest request, Principal principal) {
    Secret token = tokens.apply(principal);
    request
        .response()
        .headers()
        .add("Set-Cookie", StreamCookie.header(request, token, clock.get(), principal.expiresAt()));
    return new Credential.Bearer(token);
  }

  /** A page of an origin that may not use cookies has not got this far. */
  private static Future<Optional<Credential>> again(HttpServerRequest request, Throwable cause) {
    Optional<Credential> left = StreamCookie.of(request);
    boolean isUsed =
        cause instanceof AuthenticationException refused && refused.reason() == Reason.BAD_TICKET;
    return isUsed && left.isPresent() ? Future.succeededFuture(left) : Future.failedFuture(cause);
  }
}
