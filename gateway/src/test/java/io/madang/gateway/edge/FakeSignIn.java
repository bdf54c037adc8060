package io.madang.gateway.edge;

import io.madang.gateway.SignIn;
import io.madang.gateway.identity.AuthenticationException;
import io.madang.gateway.identity.Authenticator;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.identity.Guests;
import io.madang.gateway.identity.Principal;
import io.madang.gateway.identity.revocation.GuardedAuthenticator;
import io.madang.gateway.identity.revocation.LoopRevocations;
import io.madang.gateway.identity.revocation.Revocations;
import io.madang.gateway.identity.revocation.Revoker;
import io.madang.runtime.config.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Believes a token {@code good-<name>} and a ticket of the same form, and nothing else. One with {@code ~<ms>} behind the name is
 * good until then, in milliseconds since 1970.
 */
final class FakeSignIn implements SignIn {
  private final boolean letsGuestsIn;

  FakeSignIn() {
    this(false);
  }

  FakeSignIn(boolean letsGuestsIn) {
    this.letsGuestsIn = letsGuestsIn;
  }

  private static final class Shown implements Credential.Handler<String> {
    @Override
    public String on(Credential.Bearer credential) {
      return credential.token().value();
    }

    @Override
    public String on(Credential.Ticket credential) {
      return credential.ticket().value();
    }

    @Override
    public String on(Credential.Cookie credential) {
      return credential.token().value();
    }
  }

  /** A token that is good for so long from now on. */
  static String brief(String name, Duration life) {
    return "good-" + name + "~" + Instant.now().plus(life).toEpochMilli();
  }

  @Override
  public Future<Void> start(Vertx vertx) {
    return Future.succeededFuture();
  }

  @Override
  public Revocations.Limits revocationLimits() {
    return new Revocations.Limits(1_000, Duration.ofMinutes(15));
  }

  @Override
  public OfLoop forThisLoop(Revoker revoker, LoopRevocations revoked) {
    Authenticator guarded = new GuardedAuthenticator(FakeSignIn::authenticate, revoked);
    return new OfLoop() {
      @Override
      public Authenticator authenticator() {
        return guarded;
      }

      @Override
      public Secret tokenFor(Principal principal) {
        return new Secret("good-" + principal.name());
      }

      @Override
      public Optional<Guests> guests() {
        return letsGuestsIn
            ? Optional.of(address -> Future.succeededFuture(new Secret("good-guest")))
            : Optional.empty();
      }

      @Override
      public void mount(Router router, Function<HttpServerRequest, String> clientAddress) {
        router
            .get("/api/auth/address")
            .handler(context -> context.end(clientAddress.apply(context.request())));
      }
    };
  }

  private static Future<Principal> authenticate(Credential credential) {
    String shown = credential.dispatch(new Shown());
    if (!shown.startsWith("good-")) {
      return Future.failedFuture(
          new AuthenticationException(AuthenticationException.Reason.BAD_TOKEN));
    }
    String[] named = shown.substring("good-".length()).split("~", 2);
    String name = named[0];
    Instant until = named.length > 1
        ? Instant.ofEpochMilli(Long.parseLong(named[1]))
        : Instant.now().plusSeconds(600);
    if (!until.isAfter(Instant.now())) {
      return Future.failedFuture(
          new AuthenticationException(AuthenticationException.Reason.TOKEN_EXPIRED));
    }
    return Future.succeededFuture(
        new Principal("u-" + name, name, Set.of(), false, until, "s-" + name, Instant.now()));
  }

  @Override
  public Future<Void> stop() {
    return Future.succeededFuture();
  }
}
