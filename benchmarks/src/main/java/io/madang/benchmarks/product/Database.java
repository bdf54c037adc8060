package io.madang.benchmarks.product;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One connection to the database of a run, for questions that are asked between the loads. Blocks. */
public final class Database implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Vertx vertx = Vertx.vertx();
  private final PgConnection connection;

  Database(String url) {
    connection = await(PgConnection.connect(vertx, PgConnectOptions.fromUri(url)));
  }

  /** The rows of a statement. */
  public List<Row> query(String sql) {
    List<Row> rows = new ArrayList<>();
    await(connection.query(sql).execute()).forEach(rows::add);
    return rows;
  }

  private static <T> T await(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new CompletionException("the database does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException(e);
    }
  }

  @Override
  public void close() {
    await(vertx.close());
  }
}
