package io.madang.benchmarks.measure;

import io.madang.benchmarks.product.Database;
import io.vertx.sqlclient.Row;
import java.util.Comparator;
import java.util.List;

/** What PostgreSQL was asked since it was told to forget what came before. */
public final class Statements {
  private static final int LONGEST_TEXT = 120;

  private Statements() {}

  /** One statement, whatever its parameters. */
  public record Counted(String text, long calls) {}

  public static void forget(Database database) {
    database.query("select pg_stat_statements_reset()");
  }

  /** The most frequent first; what a session says to begin or end is left out. */
  public static List<Counted> counted(Database database) {
    return database
        .query(
            "select regexp_replace(query, '\\s+', ' ', 'g') as query, sum(calls)::bigint as calls"
                + " from pg_stat_statements where toplevel and query not like '%pg_stat_statements%'"
                + " group by 1")
        .stream()
        .map(Statements::counted)
        .sorted(Comparator.comparingLong(Counted::calls).reversed())
        .toList();
  }

  private static Counted counted(Row row) {
    String text = row.getString("query");
    return new Counted(
        text.substring(0, Math.min(text.length(), LONGEST_TEXT)), row.getLong("calls"));
  }
}
