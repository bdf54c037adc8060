package io.madang.gateway.identity.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;

/**
 * How often something may happen, counted over all gateways: a bucket per subject that starts full, and fills again evenly.
 */
public final class Allowances {
  /**
   * A rule.
   *
   * @param kind keeps the buckets of two rules apart
   * @param count how many at once, and how many in each {@code per}
   */
  public record Allowance(String kind, int count, Duration per) {
    long stepMs() {
      return Math.max(1, per.toMillis() / count);
    }
  }

  private final Statements statements;

  public Allowances(Pool pool) {
    this.statements = new Statements(pool);
  }

  /** Takes one; zero when there was one, else the time until there is and nothing taken. */
  public Future<Duration> take(Allowance allowance, String subject, Instant now) {
    return statements
        .one(
            "SELECT identity.take_allowance($1, $2, $3, $4)",
            Tuple.of(
                bucket(allowance, subject),
                Statements.time(now),
                allowance.stepMs(),
                allowance.count()))
        .map(row -> Duration.ofMillis(row.getLong(0)));
  }

  /** Undoes one {@link #take}. */
  public Future<Void> giveBack(Allowance allowance, String subject) {
    return statements
        .run(
            "UPDATE identity.allowance SET full_at = full_at - $2 * interval '1 millisecond' WHERE bucket = $1",
            Tuple.of(bucket(allowance, subject), (double) allowance.stepMs()))
        .mapEmpty();
  }

  private static String bucket(Allowance allowance, String subject) {
    return allowance.kind() + ":" + subject;
  }
}
