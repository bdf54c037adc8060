package io.madang.gateway;

import io.madang.gateway.identity.Authenticator;
import io.madang.gateway.identity.IdentityConfig;
import io.madang.gateway.identity.Principal;
import io.madang.gateway.identity.http.AuthRoutes;
import io.madang.gateway.identity.issuer.BuiltInIssuer;
import io.madang.gateway.identity.issuer.LoopIssuer;
import io.madang.runtime.config.Secret;
import io.madang.runtime.postgres.Migrations;
import io.madang.runtime.postgres.PostgresOptions;
import io.madang.runtime.postgres.PostgresPool;
import io.madang.runtime.postgres.PostgresUrl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** People sign in with accounts of our own, in the schema {@code identity} of PostgreSQL. */
public final class BuiltInSignIn implements SignIn {
  private static final String SCHEMA = "identity";

  private final IdentityConfig config;
  private final PostgresUrl url;
  private final Duration waitLimit;
  private final Clock clock = Clock.systemUTC();

  /** Both are there from start to stop. */
  private volatile Optional<Pool> pool = Optional.empty();

  private volatile Optional<BuiltInIssuer> issuer = Optional.empty();

  /** @param waitLimit how long the database may take to be there at start */
  public BuiltInSignIn(IdentityConfig config, PostgresUrl url, Duration waitLimit) {
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
          return BuiltInIssuer.start(vertx, opened, config, clock);
        })
        .onSuccess(opened -> issuer = Optional.of(opened))
        .mapEmpty();
  }

  @Override
  public OfLoop forThisLoop() {
    return new BuiltInOfLoop(issuer.orElseThrow().forThisLoop());
  }

  @Override
  public Future<Void> stop() {
    Future<Void> closed = issuer.map(BuiltInIssuer::close).orElseGet(Future::succeededFuture);
    return closed.eventually(() -> pool.map(Pool::close).orElseGet(Future::succeededFuture));
  }

  private final class BuiltInOfLoop implements OfLoop {
    private final LoopIssuer ofLoop;

    BuiltInOfLoop(LoopIssuer ofLoop) {
      this.ofLoop = ofLoop;
    }

    @Override
    public Authenticator authenticator() {
      return ofLoop;
    }

    @Override
    public Secret tokenFor(Principal principal) {
      return ofLoop.tokenFor(principal);
    }

    @Override
    public void mount(Router router, Function<HttpServerRequest, String> clientAddress) {
      new AuthRoutes(ofLoop, config, clock, clientAddress).mount(router);
    }
  }
}
