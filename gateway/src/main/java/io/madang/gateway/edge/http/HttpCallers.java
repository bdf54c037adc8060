package io.madang.gateway.edge.http;

import io.madang.gateway.identity.AuthenticationException;
import io.madang.gateway.identity.Authenticator;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.identity.OriginPolicy.Asking;
import io.madang.gateway.identity.Principal;
import io.madang.gateway.identity.http.RequestCredentials;
import io.madang.gateway.limit.UserRates;
import io.madang.gateway.limit.UserShares;
import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Who makes an HTTP request, and whether there is room for it. For one event loop. */
public final class HttpCallers {
  /** A request that goes no further; carries what its sender is told. */
  static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Failure failure;
    private final int status;

    RefusedException(Failure failure) {
      this(Problems.status(failure), failure);
    }

    /** Where the status of the answer is not what the code stands for. */
    RefusedException(int status, Failure failure) {
      super(failure.message(), null, false, false);
      this.failure = failure;
      this.status = status;
    }

    int status() {
      return status;
    }

    Failure failure() {
      return failure;
    }
  }

  private final RequestCredentials credentials;
  private final Authenticator authenticator;
  private final UserRates rates;
  private final UserShares shares;
  private final LongSupplier clockMs;

  public HttpCallers(
      RequestCredentials credentials,
      Authenticator authenticator,
      UserRates rates,
      UserShares shares,
      LongSupplier clockMs) {
    this.credentials = credentials;
    this.authenticator = authenticator;
    this.rates = rates;
    this.shares = shares;
    this.clockMs = clockMs;
  }

  /** Fails with {@link AuthenticationException} or {@link RefusedException}. */
  Future<Principal> caller(HttpServerRequest request, Asking asking) {
    Optional<Credential> credential;
    try {
      credential = credentials.of(request, asking);
    } catch (AuthenticationException e) {
      return Future.failedFuture(e);
    }
    return credential
        .map(shown -> authenticator.authenticate(shown).compose(this::withinRate))
        .orElseGet(() -> Future.failedFuture(new RefusedException(Failure.of(
            ErrorCode.UNAUTHENTICATED,
            "Nobody is signed in; send an access token or the sign-in cookie."))));
  }

  private Future<Principal> withinRate(Principal principal) {
    long waitMs = rates.take(principal.userId(), clockMs.getAsLong());
    if (waitMs == 0) {
      waitMs = shares.take(principal.userId());
    }
    if (waitMs == 0) {
      return Future.succeededFuture(principal);
    }
    return Future.failedFuture(new RefusedException(Problems.later(
        ErrorCode.RATE_LIMITED, "This user asks faster than one may.", Duration.ofMillis(waitMs))));
  }
}
