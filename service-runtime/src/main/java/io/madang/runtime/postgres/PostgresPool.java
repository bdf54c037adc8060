package io.madang.runtime.postgres;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;

/**
 * Makes pools: prepared statements cached, connections and waiting bounded, limits of time set on every connection.
 *
 * <p>A pool connects when it is first used and replaces what broke by itself; while the database is away its requests fail at
 * once. Made and closed by its owner, one for each service; it may be used from any thread of that Vert.x.
 */
public final class PostgresPool {
  private PostgresPool() {}

  public static Pool create(Vertx vertx, PostgresOptions options) {
    return PgBuilder.pool()
        .with(options.poolOptions())
        .with(options.netOptions())
        .connectingTo(options.connectOptions())
        .using(vertx)
        .build();
  }
}
