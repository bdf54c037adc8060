package io.madang.runtime.postgres;

import io.madang.runtime.postgres.PostgresUrl.Tls;
import io.madang.runtime.store.Backoff;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.PoolOptions;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * How one owner talks to PostgreSQL.
 *
 * @param url where it is
 * @param applicationName what the database shows beside our connections
 * @param poolSize connections of a pool, at most
 * @param maxWaiting requests that may wait for a connection of the pool; one more fails
 * @param acquireLimit how long a request may wait for a connection of the pool
 * @param idleLimit after which an unused connection of the pool is closed
 * @param connectLimit how long one try to connect may take
 * @param statementLimit after which the server ends a statement ({@code statement_timeout})
 * @param lockLimit after which the server gives up waiting for a lock ({@code lock_timeout})
 * @param backoff pauses between tries of a held connection
 */
public record PostgresOptions(
    PostgresUrl url,
    String applicationName,
    int poolSize,
    int maxWaiting,
    Duration acquireLimit,
    Duration idleLimit,
    Duration connectLimit,
    Duration statementLimit,
    Duration lockLimit,
    Backoff backoff) {
  /** Ends the names of pools of one connection that is lent for good. */
  public static final String HELD_SUFFIX = " held";

  private static final int CACHED_STATEMENTS = 256;

  /** Longer texts are no statements that come again. */
  private static final int CACHED_STATEMENT_CHARS = 16_384;

  public PostgresOptions {
    Objects.requireNonNull(url);
    Objects.requireNonNull(backoff);
    if (applicationName.isBlank()) {
      throw new IllegalArgumentException(
          "The database is to see who connects, so applicationName is not empty");
    }
    if (poolSize < 1 || maxWaiting < 0) {
      throw new IllegalArgumentException(
          "A pool has at least one connection and waiting is not negative");
    }
    for (Duration limit :
        new Duration[] {acquireLimit, idleLimit, connectLimit, statementLimit, lockLimit}) {
      if (limit.toMillis() < 1) {
        throw new IllegalArgumentException("Limits of PostgreSQL are at least 1 ms, not " + limit);
      }
    }
  }

  /** 8 connections, 1,000 waiting for at most 2 s, idle 60 s, 3 s to connect, statements 5 s, locks 1 s. */
  public static PostgresOptions of(PostgresUrl url, String applicationName) {
    return new PostgresOptions(
        url,
        applicationName,
        8,
        1_000,
        Duration.ofSeconds(2),
        Duration.ofSeconds(60),
        Duration.ofSeconds(3),
        Duration.ofSeconds(5),
        Duration.ofSeconds(1),
        Backoff.standard());
  }

  public PostgresOptions withPool(int size, int waiting) {
    return new PostgresOptions(
        url,
        applicationName,
        size,
        waiting,
        acquireLimit,
        idleLimit,
        connectLimit,
        statementLimit,
        lockLimit,
        backoff);
  }

  public PostgresOptions withAcquireLimit(Duration limit) {
    return new PostgresOptions(
        url,
        applicationName,
        poolSize,
        maxWaiting,
        limit,
        idleLimit,
        connectLimit,
        statementLimit,
        lockLimit,
        backoff);
  }

  public PostgresOptions withStatementLimits(Duration statement, Duration lock) {
    return new PostgresOptions(
        url,
        applicationName,
        poolSize,
        maxWaiting,
        acquireLimit,
        idleLimit,
        connectLimit,
        statement,
        lock,
        backoff);
  }

  public PostgresOptions withBackoff(Backoff pauses) {
    return new PostgresOptions(
        url,
        applicationName,
        poolSize,
        maxWaiting,
        acquireLimit,
        idleLimit,
        connectLimit,
        statementLimit,
        lockLimit,
        pauses);
  }

  PgConnectOptions connectOptions() {
    PgConnectOptions connect = new PgConnectOptions()
        .setHost(url.host())
        .setPort(url.port())
        .setDatabase(url.database())
        .setUser(url.user())
        .setPassword(url.password())
        .setCachePreparedStatements(true)
        .setPreparedStatementCacheMaxSize(CACHED_STATEMENTS)
        .setPreparedStatementCacheSqlLimit(CACHED_STATEMENT_CHARS)
        .addProperty("application_name", applicationName)
        .addProperty("statement_timeout", String.valueOf(statementLimit.toMillis()))
        .addProperty("lock_timeout", String.valueOf(lockLimit.toMillis()))
        .addProperty("TimeZone", "UTC");
    connect.setSslMode(SslMode.of(url.tls().word()));
    if (url.tls() != Tls.DISABLE) {
      connect.setSslOptions(tlsOptions());
    }
    return connect;
  }

  /** As PostgreSQL's own clients: encryption alone proves nobody's name, only the verifying modes do. */
  private ClientSSLOptions tlsOptions() {
    boolean verifies = url.tls() == Tls.VERIFY_CA || url.tls() == Tls.VERIFY_FULL;
    return new ClientSSLOptions()
        .setTrustAll(!verifies)
        .setHostnameVerificationAlgorithm(url.tls() == Tls.VERIFY_FULL ? "HTTPS" : "");
  }

  NetClientOptions netOptions() {
    return new NetClientOptions()
        .setConnectTimeout((int) connectLimit.toMillis())
        .setTcpNoDelay(true)
        .setTcpKeepAlive(true)
        // A peer that is gone without a word is noticed as soon as a statement must have ended.
        .setTcpUserTimeout((int) clientLimit().toMillis());
  }

  PoolOptions poolOptions() {
    return new PoolOptions()
        // By which its metrics are told from those of other pools.
        .setName(applicationName)
        .setMaxSize(poolSize)
        .setMaxWaitQueueSize(maxWaiting)
        .setConnectionTimeout((int) acquireLimit.toMillis())
        .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS)
        .setIdleTimeout((int) idleLimit.toMillis())
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
  }

  /** How long the client waits for a statement: longer than the server, whose answer says more. */
  Duration clientLimit() {
    return statementLimit.plus(connectLimit);
  }
}
