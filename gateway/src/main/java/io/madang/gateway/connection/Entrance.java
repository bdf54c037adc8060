package io.madang.gateway.connection;

import io.madang.gateway.command.Refusals;
import io.madang.gateway.connection.ConnectionState.AwaitingConnect;
import io.madang.gateway.connection.ConnectionState.SigningIn;
import io.madang.gateway.identity.AuthenticationException;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.identity.Principal;
import io.madang.gateway.limit.Admission;
import io.madang.protocol.code.CloseCode;
import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/**
 * The way of one client in: what it shows of who it is is judged, and its user counted, while what it says meanwhile is held by the
 * connection's state. Part of its {@link Connection}.
 */
final class Entrance {
  /** A user with too many connections is told to come back so much later. */
  private static final Duration WHEN_SOME_ARE_GONE = Duration.ofSeconds(30);

  private final Connection connection;
  private final Outgoing outgoing;
  private final Surroundings around;

  Entrance(Connection connection, Outgoing outgoing, Surroundings around) {
    this.connection = connection;
    this.outgoing = outgoing;
    this.around = around;
  }

  /** @param connectRef of the connect frame that asks for it; none if another frame came first */
  void begin(AwaitingConnect awaiting, Credential credential, long connectRef) {
    connection.toSigningIn(awaiting, connectRef);
    around
        .authenticator()
        .authenticate(credential)
        .compose(this::admitted)
        .onComplete(this::onJudged);
  }

  /** A principal whose user may have one more connection; the count is taken. */
  private Future<Principal> admitted(Principal principal) {
    return around
        .places()
        .admitUser(principal.userId())
        .compose(verdict -> verdict instanceof Admission.Welcome
            ? Future.succeededFuture(principal)
            : Future.failedFuture(new TooManyOfUserException()));
  }

  private void onJudged(AsyncResult<Principal> result) {
    Optional<SigningIn> signingIn = connection.signingIn();
    if (signingIn.isPresent()) {
      decide(signingIn.get(), result);
    } else if (result.succeeded()) {
      around.places().releaseUser(result.result().userId());
    }
  }

  private void decide(SigningIn signingIn, AsyncResult<Principal> result) {
    if (result.succeeded() && !around.authenticator().stillCounts(result.result())) {
      // It was revoked after it was judged.
      around.places().releaseUser(result.result().userId());
      onRefused(signingIn, new AuthenticationException(AuthenticationException.Reason.REVOKED));
    } else if (result.succeeded()) {
      onAccepted(signingIn, result.result());
    } else if (isWorthAnotherTry(result.cause())) {
      onNotJudged(signingIn, Refusals.failure(result.cause()));
    } else {
      onRefused(signingIn, result.cause());
    }
  }

  private void onAccepted(SigningIn signingIn, Principal principal) {
    connection.toOpen(signingIn, principal);
    if (signingIn.connectRef() != ClientFrame.NO_REF) {
      outgoing.sendConnected(signingIn.connectRef(), principal);
    }
    // What was held has waited already; each still counts against the rate.
    signingIn.held().forEach(connection::process);
  }

  /** It cannot be judged just now. */
  private void onNotJudged(SigningIn signingIn, Failure failure) {
    connection.toAwaitingConnect(signingIn);
    if (signingIn.connectRef() != ClientFrame.NO_REF) {
      outgoing.fail(signingIn.connectRef(), failure);
    }
    signingIn.held().forEach(frame -> outgoing.fail(frame.ref(), failure));
  }

  private void onRefused(SigningIn signingIn, Throwable cause) {
    if (cause instanceof TooManyOfUserException) {
      outgoing.fail(
          signingIn.connectRef(),
          Failure.of(
              ErrorCode.TOO_MANY_CONNECTIONS,
              "This user has as many connections as one may have."));
      connection.close(CloseCode.TRY_AGAIN_LATER, WHEN_SOME_ARE_GONE);
      return;
    }
    outgoing.fail(signingIn.connectRef(), Refusals.failure(cause));
    connection.close(closeCode(cause), Duration.ZERO);
  }

  private static CloseCode closeCode(Throwable cause) {
    if (cause instanceof AuthenticationException refused) {
      return switch (refused.reason()) {
        case TOKEN_EXPIRED -> CloseCode.TOKEN_EXPIRED;
        case REVOKED -> CloseCode.REVOKED;
        default -> CloseCode.BAD_TOKEN;
      };
    }
    return CloseCode.BAD_TOKEN;
  }

  private static boolean isWorthAnotherTry(Throwable cause) {
    if (cause instanceof AuthenticationException refused) {
      return refused.reason() == AuthenticationException.Reason.UNAVAILABLE;
    }
    return !(cause instanceof TooManyOfUserException);
  }

  /** Carries no stack: it is a value on its way through a future. */
  private static final class TooManyOfUserException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooManyOfUserException() {
      super("too many connections of one user", null, false, false);
    }
  }
}
