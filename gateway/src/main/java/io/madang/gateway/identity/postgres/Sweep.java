package io.madang.gateway.identity.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;

/** Forgets what has expired. Nothing depends on when it runs: every read checks times itself. */
public final class Sweep {
  private final Statements statements;

  public Sweep(Pool pool) {
    this.statements = new Statements(pool);
  }

  /** Removes what ended before {@code now}, and keys whose successor signs since before {@code settled}. */
  public Future<Void> run(Instant now, Instant settled) {
    return statements
        .run(
            "SELECT identity.sweep($1, $2)",
            Tuple.of(Statements.time(now), Statements.time(settled)))
        .mapEmpty();
  }
}
