package io.madang.gateway;

import io.madang.gateway.identity.Authenticator;
import io.madang.gateway.identity.Guests;
import io.madang.gateway.identity.Principal;
import io.madang.gateway.identity.http.AuthRoutes;
import io.madang.gateway.identity.http.PeopleActions;
import io.madang.gateway.identity.issuer.BuiltInIssuer;
import io.madang.gateway.identity.issuer.LoopIssuer;
import io.madang.gateway.identity.issuer.PeopleDesk;
import io.madang.gateway.identity.issuer.SignedIn;
import io.madang.gateway.identity.outside.ByIssuer;
import io.madang.gateway.identity.outside.OutsideIssuer;
import io.madang.gateway.identity.revocation.GuardedAuthenticator;
import io.madang.gateway.identity.revocation.LoopRevocations;
import io.madang.gateway.identity.revocation.Revocations;
import io.madang.gateway.identity.revocation.Revoker;
import io.madang.runtime.admin.AdminAction;
import io.madang.runtime.config.Secret;
import io.madang.runtime.postgres.Migrations;
import io.madang.runtime.postgres.PostgresOptions;
import io.madang.runtime.postgres.PostgresPool;
import io.madang.runtime.postgres.PostgresUrl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.VertxInternal;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * People sign in with accounts of our own, in the schema {@code identity} of PostgreSQL, or with tokens of another issuer, or
 * with either. Tickets are kept in that schema whoever they stand for.
 */
public final class BuiltInSignIn implements SignIn {
  private static final String SCHEMA = "identity";

  private final SignInConfig config;
  private final PostgresUrl url;
  private final Duration waitLimit;
  private final Clock clock = Clock.systemUTC();

  /** Both are there from start to stop. */
  private volatile Optional<Pool> pool = Optional.empty();

  private volatile Optional<BuiltInIssuer> issuer = Optional.empty();

  /** There from start to stop, when one is set. */
  private volatile Optional<OutsideIssuer> outside = Optional.empty();

  /** @param waitLimit how long the database, and another issuer's keys, may take to be there at start */
  public BuiltInSignIn(SignInConfig config, PostgresUrl url, Duration waitLimit) {
    this.config = config;
    this.url = url;
    this.waitLimit = waitLimit;
  }

  @Override
  public Future<Void> start(Vertx vertx) {
    return Migrations.run(vertx, url, SCHEMA, waitLimit)
        .compose(migrated -> {
          Pool opened = PostgresPool.create(vertx, PostgresOptions.of(url, "madang-gateway"));
          pool = Optional.of(opened);
          return BuiltInIssuer.start(vertx, opened, config.identity(), clock);
        })
        .onSuccess(opened -> issuer = Optional.of(opened))
        .compose(opened -> startOutside(vertx));
  }

  private Future<Void> startOutside(Vertx vertx) {
    if (!config.outside().isOn()) {
      return Future.succeededFuture();
    }
    return OutsideIssuer.start(
            vertx,
            ((VertxInternal) vertx).createEventLoopContext(),
            config.outside(),
            clock,
            waitLimit)
        .onSuccess(opened -> outside = Optional.of(opened))
        .mapEmpty();
  }

  @Override
  public Revocations.Limits revocationLimits() {
    return config.revocationLimits();
  }

  @Override
  public OfLoop forThisLoop(Revoker revoker, LoopRevocations revoked) {
    LoopIssuer own = issuer.orElseThrow().forThisLoop(revoker, config.revokedFor());
    Authenticator anybodys = outside
        .<Authenticator>map(
            theirs -> new ByIssuer(own, theirs.forThisLoop(), config.outside().issuer()))
        .orElse(own);
    return new BuiltInOfLoop(own, new GuardedAuthenticator(anybodys, revoked));
  }

  @Override
  public List<AdminAction> adminActions(Revoker revoker) {
    PeopleDesk desk = new PeopleDesk(pool.orElseThrow(), clock, revoker, config.revokedFor());
    return List.of(new AdminAction(PeopleActions.PATH, new PeopleActions(desk)::on));
  }

  @Override
  public Future<Void> stop() {
    Future<Void> closed = issuer.map(BuiltInIssuer::close).orElseGet(Future::succeededFuture);
    return closed
        .eventually(() -> outside.map(OutsideIssuer::close).orElseGet(Future::succeededFuture))
        .eventually(() -> pool.map(Pool::close).orElseGet(Future::succeededFuture));
  }

  private final class BuiltInOfLoop implements OfLoop {
    private final LoopIssuer own;
    private final Authenticator authenticator;

    BuiltInOfLoop(LoopIssuer own, Authenticator authenticator) {
      this.own = own;
      this.authenticator = authenticator;
    }

    @Override
    public Authenticator authenticator() {
      return authenticator;
    }

    @Override
    public Secret tokenFor(Principal principal) {
      return own.tokenFor(principal);
    }

    @Override
    public Optional<Guests> guests() {
      return config.identity().guests()
          ? Optional.of(address -> own.guest(Optional.empty(), address).map(SignedIn::accessToken))
          : Optional.empty();
    }

    @Override
    public void mount(Router router, Function<HttpServerRequest, String> clientAddress) {
      new AuthRoutes(own, authenticator, config.identity(), clock, clientAddress).mount(router);
    }
  }
}
