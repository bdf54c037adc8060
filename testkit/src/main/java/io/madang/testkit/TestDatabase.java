package io.madang.testkit;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * A PostgreSQL database of one test. Dropping it is a courtesy: it goes with the server.
 *
 * @param host where the server listens
 * @param port where the server listens
 * @param name of the database
 * @param user its owner, without further rights
 * @param password the owner's
 */
public record TestDatabase(String host, int port, String name, String user, String password) {
  private static final String LOGIN_LIMIT_S = "10";

  /** The database of an address as {@link #url()} tells it. */
  public static TestDatabase of(String url) {
    URI uri = URI.create(url);
    String[] login = uri.getUserInfo().split(":", 2);
    return new TestDatabase(
        uri.getHost(), uri.getPort(), uri.getPath().substring(1), login[0], login[1]);
  }

  /** {@code postgresql://user:password@host:port/name}, as services take it. */
  public String url() {
    return "postgresql://%s:%s@%s:%d/%s".formatted(user, password, host, port, name);
  }

  /** A plain blocking connection, to look at rows from outside. */
  public Connection connect() throws SQLException {
    Properties login = new Properties();
    login.setProperty("user", user);
    login.setProperty("password", password);
    login.setProperty("loginTimeout", LOGIN_LIMIT_S);
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%d/%s".formatted(host, port, name), login);
  }

  /** Runs one or more statements whose result does not matter. */
  public void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The rows of a query, columns joined by {@code |}, nulls as {@code null}. */
  public List<String> rows(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      int columns = found.getMetaData().getColumnCount();
      List<String> rows = new ArrayList<>();
      while (found.next()) {
        List<String> cells = new ArrayList<>();
        for (int column = 1; column <= columns; column++) {
          cells.add(found.getString(column));
        }
        rows.add(String.join("|", cells.stream().map(String::valueOf).toList()));
      }
      return rows;
    }
  }

  @Override
  public String toString() {
    return url().replace(":" + password + "@", ":***@");
  }
}
