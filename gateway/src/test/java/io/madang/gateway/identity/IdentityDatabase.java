package io.madang.gateway.identity;

import io.madang.testkit.TestDatabase;
import io.madang.testkit.TestStores;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;

/** A real database with the schema of sign-in. */
public final class IdentityDatabase {
  private final TestDatabase database = TestStores.createDatabase();

  public IdentityDatabase() throws SQLException, IOException {
    try (InputStream migration = getClass().getResourceAsStream("/db/identity/V1__accounts.sql")) {
      database.execute(new String(migration.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  public Pool pool(Vertx vertx) {
    return PgBuilder.pool()
        .with(new PoolOptions().setMaxSize(4))
        .connectingTo(PgConnectOptions.fromUri(database.url()))
        .using(vertx)
        .build();
  }

  /** Rows from outside, columns joined by a bar. */
  public List<String> rows(String sql) throws SQLException {
    return database.rows(sql);
  }

  public void execute(String sql) throws SQLException {
    database.execute(sql);
  }
}
