package io.madang.runtime.outbox;

import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.service.ServiceAsker;
import io.madang.runtime.topic.Payload;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the rows of one schema's table {@code outbox} to the services they are for, with the row's key as the command's id,
 * so that a row that is brought twice counts once. Any number of nodes may do it: a row is leased by one at a time, in a short
 * statement that skips what others hold, and deleted when the service has answered.
 *
 * <p>A fault or a refusal that names a time is tried again, later each time. A refusal for good, or one attempt too many, makes
 * the row dead: it stays, is counted and logged, and nobody touches it any more.
 *
 * <p>The table:
 *
 * <pre>{@code
 * id bigint generated always as identity primary key, dedup_key text not null unique,
 * service text not null, command text not null, arguments text not null,
 * created_at timestamptz not null default now(), due_at timestamptz not null default now(),
 * leased_until timestamptz, attempts integer not null default 0, dead_at timestamptz, last_error text
 * }</pre>
 *
 * <p>Touched on the owner's event loop only, except for the meters.
 */
public final class OutboxRelay {
  private static final Logger LOG = LoggerFactory.getLogger(OutboxRelay.class);
  private static final int MAX_ERROR_CHARS = 500;

  private final Vertx vertx;
  private final Pool pool;
  private final ServiceAsker services;
  private final Caller self;
  private final OutboxTimes times;
  private final String schema;
  private final Counter delivered;
  private final Counter failed;
  private final Counter dead;

  /** Age in milliseconds of the oldest row that waits, as of the last look; 0 when none does. */
  private final AtomicLong oldestMs = new AtomicLong();

  /** Whether a batch is being leased or brought. */
  private boolean busy;

  /** Whether something was written since the batch under way was leased. */
  private boolean again;

  /** The timer of looks; -1 before {@link #start}. */
  private long timer = -1;

  private boolean stopped;

  /** Completed when the batch under way is done; replaced with each. */
  private Promise<Void> idle = Promise.promise();

  /**
   * Takes what it needs; works from {@link #start} on.
   *
   * @param schema a plain name: it becomes part of statements
   * @param self the service that wrote the rows, as others see it
   */
  public OutboxRelay(
      Vertx vertx,
      Pool pool,
      String schema,
      ServiceAsker services,
      String self,
      OutboxTimes times,
      MeterRegistry metrics) {
    if (!schema.matches("[a-z_]+")) {
      throw new IllegalArgumentException("a schema is named by lower-case letters: " + schema);
    }
    this.vertx = vertx;
    this.pool = pool;
    this.schema = schema;
    this.services = services;
    this.self = Caller.service(self);
    this.times = times;
    this.delivered = counter(metrics, "outbox.delivered", "Rows answered by their service");
    this.failed = counter(metrics, "outbox.failures", "Attempts that will be made again");
    this.dead = counter(metrics, "outbox.dead", "Rows given up");
    Gauge.builder("outbox.oldest.ms", oldestMs, AtomicLong::get)
        .description("Age of the oldest row that waits")
        .tag("schema", schema)
        .register(metrics);
  }

  private Counter counter(MeterRegistry metrics, String name, String description) {
    return Counter.builder(name).description(description).tag("schema", schema).register(metrics);
  }

  public void start() {
    timer = vertx.setPeriodic(times.lookEvery().toMillis(), id -> look());
    wake();
  }

  /** Says that something was just committed. */
  public void wake() {
    again = true;
    work();
  }

  /** Ends leasing; succeeds when what is under way is answered or has failed. */
  public Future<Void> stop() {
    stopped = true;
    vertx.cancelTimer(timer);
    return busy ? idle.future() : Future.succeededFuture();
  }

  private void look() {
    again = true;
    work();
    pool.query(
            "select coalesce(max(extract(epoch from now() - created_at) * 1000), 0)::bigint as age from "
                + schema
                + ".outbox where dead_at is null")
        .execute()
        .onSuccess(rows -> oldestMs.set(rows.iterator().next().getLong("age")));
  }

  private void work() {
    if (busy || stopped || !again) {
      return;
    }
    busy = true;
    again = false;
    idle = Promise.promise();
    lease()
        .compose(this::bringAll)
        .onFailure(failure -> {
          if (!stopped) {
            LOG.warn("The outbox of {} cannot be read: {}", schema, failure.toString());
          }
        })
        .onComplete(done -> {
          busy = false;
          idle.complete();
          work();
        });
  }

  private Future<List<Row>> lease() {
    String sql = """
        update %1$s.outbox
           set leased_until = now() + $1 * interval '1 millisecond', attempts = attempts + 1
         where id in (
           select id from %1$s.outbox
            where dead_at is null and due_at <= now()
              and (leased_until is null or leased_until < now())
            order by due_at limit $2 for update skip locked)
         returning id, dedup_key, service, command, arguments, attempts""".formatted(schema);
    return pool.preparedQuery(sql)
        .execute(Tuple.of((double) times.lease().toMillis(), times.batch()))
        .map(rows -> {
          List<Row> leased = new ArrayList<>();
          rows.forEach(leased::add);
          // A full batch: there may be more.
          again |= leased.size() == times.batch();
          return leased;
        });
  }

  private Future<?> bringAll(List<Row> rows) {
    return Future.join(rows.stream().map(this::bring).toList());
  }

  private Future<Void> bring(Row row) {
    CommandCall call = new CommandCall(
        self,
        row.getString("command"),
        row.getString("dedup_key"),
        Payload.ofJson(row.getString("arguments")));
    return services.command(row.getString("service"), call).transform(answered -> {
      if (answered.failed()) {
        return later(row, answered.cause().toString());
      }
      return answered.result() instanceof CommandOutcome.Refused refused
          ? refused(row, refused.refusal())
          : delivered(row);
    });
  }

  private Future<Void> delivered(Row row) {
    delivered.increment();
    return pool.preparedQuery("delete from " + schema + ".outbox where id = $1")
        .execute(Tuple.of(row.getLong("id")))
        .mapEmpty();
  }

  private Future<Void> refused(Row row, Refusal refusal) {
    String why = refusal.code() + ": " + refusal.message();
    return refusal.retryAfterMs().isPresent() ? later(row, why) : dead(row, why);
  }

  private Future<Void> later(Row row, String why) {
    int attempts = row.getInteger("attempts");
    if (attempts >= times.attempts()) {
      return dead(row, why);
    }
    failed.increment();
    LOG.debug("Row {} of the outbox of {} waits: {}", row.getLong("id"), schema, why);
    String sql = """
        update %s.outbox
           set leased_until = null, due_at = now() + $2 * interval '1 millisecond', last_error = $3
         where id = $1""".formatted(schema);
    return pool.preparedQuery(sql)
        .execute(Tuple.of(row.getLong("id"), (double) times.pauseMs(attempts), clipped(why)))
        .mapEmpty();
  }

  private Future<Void> dead(Row row, String why) {
    dead.increment();
    LOG.error(
        "Row {} ({}) of the outbox of {} is given up after {} attempts: {}",
        row.getLong("id"),
        row.getString("dedup_key"),
        schema,
        row.getInteger("attempts"),
        why);
    String sql = "update " + schema
        + ".outbox set leased_until = null, dead_at = now(), last_error = $2 where id = $1";
    return pool.preparedQuery(sql)
        .execute(Tuple.of(row.getLong("id"), clipped(why)))
        .mapEmpty();
  }

  private static String clipped(String why) {
    return why.length() <= MAX_ERROR_CHARS ? why : why.substring(0, MAX_ERROR_CHARS);
  }
}
