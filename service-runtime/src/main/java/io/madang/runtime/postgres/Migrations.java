package io.madang.runtime.postgres;

import io.madang.runtime.store.Backoff;
import io.madang.runtime.store.StoreStartException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one schema to the newest version at start. Several nodes may do it at once: one works, the others wait for it and find
 * it done.
 *
 * <p>The first thing a service does with its database, so this is also where it waits for the database to be there.
 */
public final class Migrations {
  private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);
  private static final String REMEDY = "start it or correct MADANG_POSTGRES_URL";
  private static final int CONNECT_LIMIT_S = 5;
  private static final long SAY_EVERY_MS = 5_000;

  /** Waiting does not help: wrong password, login not allowed, no such database, no right to connect. */
  private static final Set<String> FINAL_STATES = Set.of("28P01", "28000", "3D000", "42501");

  private final Vertx vertx;
  private final PostgresUrl url;
  private final String schema;
  private final String location;
  private final Duration waitLimit;
  private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1));
  private final long began = System.nanoTime();

  /** When the log was last told that we wait, by {@link System#nanoTime}. One step at a time reads and writes it. */
  private long saidAt = began;

  private Migrations(
      Vertx vertx, PostgresUrl url, String schema, String location, Duration waitLimit) {
    this.vertx = vertx;
    this.url = url;
    this.schema = schema;
    this.location = location;
    this.waitLimit = waitLimit;
  }

  /**
   * Waits for the database and runs what of {@code classpath:db/<schema>} is missing.
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
    return new Migrations(vertx, url, schema, location, waitLimit).attempt(1);
  }

  private Future<Void> attempt(int number) {
    return vertx
        .executeBlocking(this::reachAndMigrate, false)
        .recover(failure ->
            isPassing(failure) ? again(number, failure) : Future.failedFuture(sentence(failure)))
        .mapEmpty();
  }

  /** Blocks a worker thread. */
  private Integer reachAndMigrate() throws SQLException {
    // Flyway wraps what a connection says; asked directly, the database's own code tells waiting
    // from giving up.
    connect().close();
    return migrate();
  }

  private Connection connect() throws SQLException {
    Properties login = new Properties();
    login.setProperty("user", url.user());
    login.setProperty("password", url.password());
    login.setProperty("connectTimeout", String.valueOf(CONNECT_LIMIT_S));
    login.setProperty("loginTimeout", String.valueOf(CONNECT_LIMIT_S));
    return DriverManager.getConnection(url.jdbcUrl(), login);
  }

  /** Flyway's own lock lets one node work; it also tries again where several make the schema at once. */
  private int migrate() {
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

  private boolean isPassing(Throwable failure) {
    // 08: no connection. 57P: starting up or shutting down. 53: too many connections.
    String state = stateOf(failure);
    return state.startsWith("08") || state.startsWith("57P") || state.startsWith("53");
  }

  private Future<Integer> again(int number, Throwable failure) {
    long waitedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    long leftMs = waitLimit.toMillis() - waitedMs;
    if (leftMs <= 0) {
      return Future.failedFuture(new StoreStartException(
          "PostgreSQL at %s does not answer within %d s (%s); %s"
              .formatted(url.place(), waitLimit.toSeconds(), textOf(failure), REMEDY),
          failure));
    }
    if (TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - saidAt) >= SAY_EVERY_MS) {
      saidAt = System.nanoTime();
      LOG.warn(
          "Waiting for PostgreSQL at {} for {} s now ({})",
          url.place(),
          waitedMs / 1_000,
          textOf(failure));
    }
    Promise<Integer> next = Promise.promise();
    long pauseMs = Math.min(backoff.pauseMs(number), leftMs);
    vertx.setTimer(pauseMs, id -> attempt(number + 1).<Integer>mapEmpty().onComplete(next));
    return next.future();
  }

  private StoreStartException sentence(Throwable failure) {
    String state = stateOf(failure);
    if (FINAL_STATES.contains(state)) {
      return new StoreStartException(
          "PostgreSQL at %s turns the user %s away (%s); correct MADANG_POSTGRES_URL, or create the user and the database"
              .formatted(url.place(), url.user(), textOf(failure)),
          failure);
    }
    return new StoreStartException(
        "Schema %s in PostgreSQL at %s cannot be brought to this version (%s); see the cause, mend it, start again"
            .formatted(schema, url.place(), textOf(failure)),
        failure);
  }

  private static String stateOf(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        return sql.getSQLState();
      }
    }
    return "";
  }

  /** The innermost reason on one line: Flyway's own texts are pages. */
  private static String textOf(Throwable failure) {
    Throwable innermost = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      innermost = cause instanceof SQLException || cause.getCause() == null ? cause : innermost;
      if (cause instanceof SQLException) {
        break;
      }
    }
    String text = innermost.getMessage() == null
        ? innermost.getClass().getSimpleName()
        : innermost.getMessage();
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .findFirst()
        .orElse("no reason given");
  }
}
