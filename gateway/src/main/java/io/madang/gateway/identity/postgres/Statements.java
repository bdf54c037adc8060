package io.madang.gateway.identity.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;

/** Runs one statement: within a time, and with every failure as {@link StoreFaultException}. */
final class Statements {
  /** Above the time the database itself gives a statement, so that its own word comes first. */
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private final Pool pool;

  Statements(Pool pool) {
    this.pool = pool;
  }

  Future<RowSet<Row>> run(String sql, Tuple parameters) {
    return pool.preparedQuery(sql)
        .execute(parameters)
        .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .recover(failure -> Future.failedFuture(new StoreFaultException(failure)));
  }

  /** For statements that answer with exactly one row. */
  Future<Row> one(String sql, Tuple parameters) {
    return run(sql, parameters).map(rows -> rows.iterator().next());
  }

  static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
