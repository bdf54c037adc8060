package io.madang.system.garbage;

import io.madang.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** All that the product keeps, so that a test can tell whether anything was added, changed or lost. */
final class StoreContents implements AutoCloseable {
  private static final String TABLES = """
      select table_schema || '.' || quote_ident(table_name) from information_schema.tables
      where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'
      order by 1""";

  /** What changes by itself as time goes by, with nobody asking anything; allowances to sign in are forgotten when they are full. */
  private static final Pattern VOLATILE = Pattern.compile("identity\\.allowance"
      + "|madang:\\{dashboard}:.*|madang:\\{presence}:(leases|life|lapsed|versions)");

  private final Connection connection;
  private final RedisContents redis;

  /** Reads every row of every table with the name of its table. */
  private final String everything;

  StoreContents(TestDatabase database, String redisUrl) throws SQLException {
    this.connection = database.connect();
    this.redis = new RedisContents(redisUrl);
    this.everything = tables().stream()
        .map(table -> "select '%s', t::text from %s t".formatted(table, table))
        .collect(Collectors.joining(" union all "));
  }

  private List<String> tables() throws SQLException {
    List<String> tables = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(TABLES)) {
      while (found.next()) {
        if (!VOLATILE.matcher(found.getString(1)).matches()) {
          tables.add(found.getString(1));
        }
      }
    }
    return tables;
  }

  /** Rows by table, and values by key in Redis. */
  Map<String, List<String>> now() {
    Map<String, List<String>> contents = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(everything)) {
      while (rows.next()) {
        contents
            .computeIfAbsent(rows.getString(1), table -> new ArrayList<>())
            .add(rows.getString(2));
      }
    } catch (SQLException e) {
      throw new AssertionError("the tables cannot be read", e);
    }
    redis.values().forEach((key, value) -> {
      if (!VOLATILE.matcher(key).matches()) {
        contents.put("redis " + key, List.of(RedisContents.shown(value)));
      }
    });
    contents.values().removeIf(List::isEmpty);
    Map<String, List<String>> ordered = new TreeMap<>();
    contents.forEach((name, rows) -> ordered.put(name, rows.stream().sorted().toList()));
    return ordered;
  }

  /** What differs, as sentences that name the table and the rows; empty if nothing does. */
  static List<String> differences(
      Map<String, List<String>> before, Map<String, List<String>> after) {
    Map<String, List<String>> all = new TreeMap<>(before);
    after.forEach(all::putIfAbsent);
    List<String> differences = new ArrayList<>();
    for (String name : all.keySet()) {
      List<String> lost = new ArrayList<>(before.getOrDefault(name, List.of()));
      List<String> added = new ArrayList<>(after.getOrDefault(name, List.of()));
      List<String> had = List.copyOf(lost);
      added.forEach(lost::remove);
      had.forEach(added::remove);
      lost.forEach(row -> differences.add("%s has no more %.300s".formatted(name, row)));
      added.forEach(row -> differences.add("%s has now %.300s".formatted(name, row)));
    }
    return differences;
  }

  @Override
  public void close() {
    redis.close();
    try {
      connection.close();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
