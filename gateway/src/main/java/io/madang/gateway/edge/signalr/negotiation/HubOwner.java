package io.madang.gateway.edge.signalr.negotiation;

import io.madang.gateway.edge.relay.Home;
import io.madang.gateway.identity.AuthenticationException;
import io.madang.gateway.identity.AuthenticationException.Reason;
import io.madang.gateway.identity.Authenticator;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.identity.Principal;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Whose a hub connection is that was negotiated: each of its requests is judged, as what it shows may count no more. Owns what counts
 * for longest of all that was shown. On the connection's loop.
 */
final class HubOwner {
  /** Whose it is; empty where that is who has the token. */
  private final Optional<String> user;

  private final Authenticator authenticator;
  private final BooleanSupplier isThere;
  private final Consumer<Credential> newer;

  /** What counts for longest of all that was shown; empty where nothing was. */
  private Optional<Credential> newest = Optional.empty();

  /** Until when that counts. */
  private Instant newestUntil = Instant.EPOCH;

  /**
   * @param user empty where the connection is whose the token is
   * @param isThere whether the connection is not forgotten yet
   * @param newer is given what counts for longer than all that was shown before
   */
  HubOwner(
      Optional<String> user,
      Authenticator authenticator,
      BooleanSupplier isThere,
      Consumer<Credential> newer) {
    this.user = user;
    this.authenticator = authenticator;
    this.isThere = isThere;
    this.newer = newer;
  }

  Optional<String> user() {
    return user;
  }

  Optional<Credential> newest() {
    return newest;
  }

  /**
   * Whether a request is from whose connection it is.
   *
   * @param isNot is told the status of the answer
   */
  void judge(Optional<Credential> offered, Runnable isTheirs, IntConsumer isNot) {
    if (user.isEmpty()) {
      isTheirs.run();
    } else if (offered.isEmpty()) {
      isNot.accept(Negotiations.UNAUTHORIZED);
    } else {
      authenticator.authenticate(offered.get()).onComplete(judged -> {
        if (judged.failed()) {
          isNot.accept(status(judged.cause()));
        } else if (!isThem(judged.result()) || !isThere.getAsBoolean()) {
          isNot.accept(Home.UNKNOWN);
        } else {
          show(offered.get(), judged.result().expiresAt());
          isTheirs.run();
        }
      });
    }
  }

  private void show(Credential shown, Instant until) {
    if (until.isAfter(newestUntil)) {
      newest = Optional.of(shown);
      newestUntil = until;
      newer.accept(shown);
    }
  }

  private boolean isThem(Principal principal) {
    return user.filter(principal.userId()::equals).isPresent();
  }

  private static int status(Throwable cause) {
    return cause instanceof AuthenticationException refused
            && refused.reason() == Reason.UNAVAILABLE
        ? Negotiations.NOT_NOW
        : Negotiations.UNAUTHORIZED;
  }
}
