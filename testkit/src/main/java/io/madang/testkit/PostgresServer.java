package io.madang.testkit;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/** A running PostgreSQL, seen by its superuser, which hands out databases. */
final class PostgresServer {
  private static final String OWNER = "madang_test";
  private static final String OWNER_PASSWORD = "test";

  private final TestDatabase admin;
  private final AtomicInteger created = new AtomicInteger();

  PostgresServer(TestDatabase admin) {
    this.admin = admin;
    run("create role " + OWNER + " login password '" + OWNER_PASSWORD + "'");
  }

  TestDatabase createDatabase() {
    String name = "test_" + created.incrementAndGet();
    run("create database " + name + " owner " + OWNER);
    return new TestDatabase(admin.host(), admin.port(), name, OWNER, OWNER_PASSWORD);
  }

  private void run(String sql) {
    try {
      admin.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(
          "The test server %s refuses: %s".formatted(admin, e.getMessage()), e);
    }
  }
}
