package io.madang.runtime.postgres;

import io.madang.runtime.store.StoreStartException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.flywaydb.core.Flyway;

/**
 * Brings one schema to the newest version at start. Several nodes may do it at once: one works, the others wait for it and find
 * it done.
 *
 * <p>The first thing a service does with its database, so this is also where it waits for the database to be there.
 */
public final class Migrations {
  private Migrations() {}

  /**
   * Waits for the database and runs what of {@code classpath:db/<schema>} is missing, on a worker thread.
   *
   * @param schema made where it is missing; all names in the scripts without a schema mean this one
   * @param waitLimit how long the database may take to be there
   * @return failed with {@link StoreStartException}: at once when the database turns us away or a script fails, when the limit
   *     is over if it does not answer
   */
  public static Future<Void> run(Vertx vertx, PostgresUrl url, String schema, Duration waitLimit) {
    return run(vertx, url, schema, "classpath:db/" + schema, waitLimit);
  }

  /** As {@link #run(Vertx, PostgresUrl, String, Duration)}, with scripts from elsewhere. */
  public static Future<Void> run(
      Vertx vertx, PostgresUrl url, String schema, String location, Duration waitLimit) {
    PostgresLink waiting =
        PostgresLink.create(vertx, PostgresOptions.of(url, "madang-" + schema + "-start"));
    return waiting
        .start(waitLimit)
        .compose(nothing -> vertx.executeBlocking(() -> migrate(url, schema, location), false))
        .recover(failure -> Future.failedFuture(sentence(url, schema, failure)))
        .eventually(waiting::close)
        .mapEmpty();
  }

  /** Flyway's own lock lets one node work; it also tries again where several make the schema at once. */
  private static int migrate(PostgresUrl url, String schema, String location) {
    return Flyway.configure(Migrations.class.getClassLoader())
        .dataSource(url.jdbcUrl(), url.user(), url.password())
        .schemas(schema)
        .defaultSchema(schema)
        .createSchemas(true)
        .locations(location)
        .failOnMissingLocations(true)
        .validateMigrationNaming(true)
        .cleanDisabled(true)
        .load()
        .migrate()
        .migrationsExecuted;
  }

  private static StoreStartException sentence(PostgresUrl url, String schema, Throwable failure) {
    if (failure instanceof StoreStartException told) {
      return told;
    }
    return new StoreStartException(
        "Schema %s in PostgreSQL at %s cannot be brought to this version (%s); see the cause, mend it, start again"
            .formatted(schema, url.place(), firstLine(innermost(failure))),
        failure);
  }

  private static Throwable innermost(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** Flyway's own texts are pages. */
  private static String firstLine(Throwable cause) {
    String text =
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .findFirst()
        .orElse("no reason given");
  }
}
