package io.madang.runtime.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.postgres.PostgresOptions;
import io.madang.runtime.postgres.PostgresPool;
import io.madang.runtime.postgres.PostgresUrl;
import io.madang.runtime.service.ServiceAsker;
import io.madang.runtime.topic.Payload;
import io.madang.testkit.TestDatabase;
import io.madang.testkit.TestStores;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.sqlclient.Pool;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OutboxRelayTest {
  private static final OutboxTimes QUICK = new OutboxTimes(
      Duration.ofMillis(50),
      Duration.ofMillis(800),
      Duration.ofMillis(10),
      Duration.ofMillis(40),
      4,
      8);

  private final Vertx vertx = Vertx.vertx();
  private final TestDatabase database = TestStores.createDatabase();
  private final MeterRegistry metrics = new SimpleMeterRegistry();
  private final List<CommandCall> asked = new CopyOnWriteArrayList<>();
  private final List<Runnable> stops = new ArrayList<>();

  @BeforeEach
  void makeTable() throws SQLException {
    database.execute("""
        create schema given;
        create table given.outbox (
          id bigint generated always as identity primary key, dedup_key text not null unique,
          service text not null, command text not null, arguments text not null,
          created_at timestamptz not null default now(), due_at timestamptz not null default now(),
          leased_until timestamptz, attempts integer not null default 0, dead_at timestamptz, last_error text)""");
  }

  @AfterEach
  void stop() {
    stops.forEach(Runnable::run);
    get(vertx.close());
  }

  private static <T> T get(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** A relay on a loop of its own, whose service answers so. */
  private void relay(Function<CommandCall, Future<CommandOutcome>> service) {
    Context loop = ((VertxInternal) vertx).createEventLoopContext();
    Pool pool = PostgresPool.create(
        vertx, PostgresOptions.of(PostgresUrl.parse(database.url()), "outbox-test"));
    ServiceAsker asker = (to, call) -> {
      asked.add(call);
      return service.apply(call);
    };
    OutboxRelay relay = new OutboxRelay(vertx, pool, "given", asker, "sender", QUICK, metrics);
    loop.runOnContext(turn -> relay.start());
    stops.add(() -> {
      Promise<Void> stopped = Promise.promise();
      loop.runOnContext(turn -> relay.stop().onComplete(stopped));
      get(stopped.future());
      get(pool.close());
    });
  }

  private void put(int from, int to) throws SQLException {
    database.execute("insert into given.outbox (dedup_key, service, command, arguments)"
        + " select 'k' || i, 'other', 'do', '{\"i\":' || i || '}' from generate_series(%d, %d) i"
            .formatted(from, to));
  }

  private static Future<CommandOutcome> done() {
    return Future.succeededFuture(CommandOutcome.done(Payload.EMPTY_OBJECT));
  }

  private void untilRows(String sql, String... rows) {
    await().atMost(10, TimeUnit.SECONDS).until(() -> database.rows(sql).equals(List.of(rows)));
  }

  @Nested
  class A_row {
    @Test
    void is_brought_with_its_key_as_id_and_deleted_on_the_answer() throws SQLException {
      relay(call -> done());
      put(1, 20);
      untilRows("select count(*) from given.outbox", "0");
      assertThat(asked).extracting(CommandCall::id).doesNotHaveDuplicates().hasSize(20);
      assertThat(asked.get(0).caller().user()).isEqualTo("service:sender");
      assertThat(asked.get(0).arguments().toString()).startsWith("{\"i\":");
    }

    @Test
    void is_brought_by_one_of_many_relays() throws SQLException {
      put(1, 200);
      for (int i = 0; i < 3; i++) {
        relay(call -> done());
      }
      untilRows("select count(*) from given.outbox", "0");
      assertThat(asked).extracting(CommandCall::id).doesNotHaveDuplicates().hasSize(200);
    }

    @Test
    void is_brought_again_under_the_same_id_after_a_fault() throws SQLException {
      List<CommandCall> failed = new CopyOnWriteArrayList<>();
      relay(call -> {
        if (failed.size() < 2) {
          failed.add(call);
          return Future.failedFuture("away");
        }
        return done();
      });
      put(1, 1);
      untilRows("select count(*) from given.outbox", "0");
      assertThat(asked).extracting(CommandCall::id).containsExactly("k1", "k1", "k1");
      assertThat(metrics.get("outbox.failures").counter().count()).isEqualTo(2);
    }

    @Test
    void that_is_refused_for_a_time_waits() throws SQLException {
      relay(call -> asked.size() < 2
          ? Future.succeededFuture(CommandOutcome.refused(Refusal.later("busy", "later", 10)))
          : done());
      put(1, 1);
      untilRows("select count(*) from given.outbox", "0");
      assertThat(asked).hasSize(2);
    }

    @Test
    void that_is_refused_for_good_is_dead_and_kept() throws SQLException {
      relay(call -> Future.succeededFuture(CommandOutcome.refused("bad-request", "no")));
      put(1, 1);
      untilRows(
          "select dead_at is not null, attempts, last_error from given.outbox",
          "t|1|bad-request: no");
      assertThat(metrics.get("outbox.dead").counter().count()).isEqualTo(1);
    }

    @Test
    void is_given_up_after_its_attempts() throws SQLException {
      relay(call -> Future.failedFuture("away"));
      put(1, 1);
      untilRows("select dead_at is not null, attempts from given.outbox", "t|4");
      assertThat(asked).hasSize(4);
    }

    @Test
    void whose_bearer_died_is_brought_by_another_when_the_lease_is_over() throws SQLException {
      put(1, 1);
      database.execute(
          "update given.outbox set leased_until = now() + interval '500 ms', attempts = 1");
      relay(call -> done());
      untilRows("select count(*) from given.outbox", "0");
      assertThat(asked).hasSize(1);
    }
  }
}
