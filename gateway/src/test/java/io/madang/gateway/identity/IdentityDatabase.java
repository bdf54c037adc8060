package io.madang.gateway.identity;

import io.madang.runtime.postgres.Migrations;
import io.madang.runtime.postgres.PostgresOptions;
import io.madang.runtime.postgres.PostgresPool;
import io.madang.runtime.postgres.PostgresUrl;
import io.madang.testkit.TestDatabase;
import io.madang.testkit.TestStores;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A real database with the schema of sign-in, brought there as a gateway does. */
public final class IdentityDatabase {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  private final TestDatabase database = TestStores.createDatabase();

  private IdentityDatabase() {
    Vertx vertx = Vertx.vertx();
    try {
      Migrations.run(vertx, url(), "identity", START_LIMIT).await(60, TimeUnit.SECONDS);
      vertx.close().await(10, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("the schema is not made in time", e);
    }
  }

  /** One database for all tests of a JVM, which run one after the other: to make the schema takes longer than a test. */
  private static final class Shared {
    private static final IdentityDatabase DATABASE = new IdentityDatabase();
  }

  /** The database that all tests use in turn, without rows. */
  public static IdentityDatabase empty() throws SQLException {
    Shared.DATABASE.execute(
        "TRUNCATE identity.account, identity.session, identity.ticket, identity.signing_key, identity.allowance");
    return Shared.DATABASE;
  }

  /** A second one beside {@link #empty()}. */
  public static IdentityDatabase another() {
    return new IdentityDatabase();
  }

  public Pool pool(Vertx vertx) {
    return PostgresPool.create(vertx, PostgresOptions.of(url(), "madang-test"));
  }

  private PostgresUrl url() {
    return PostgresUrl.parse(database.url());
  }

  /** Rows seen from outside, columns joined by a bar. */
  public List<String> rows(String sql) throws SQLException {
    return database.rows(sql);
  }

  public void execute(String sql) throws SQLException {
    database.execute(sql);
  }
}
