package io.madang.runtime.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.madang.runtime.store.Backoff;
import io.madang.runtime.store.Done;
import io.madang.runtime.store.StoreStartException;
import io.madang.runtime.store.StoreUnavailableException;
import io.madang.runtime.store.StoreUnavailableException.Reason;
import io.madang.testkit.FreePorts;
import io.madang.testkit.TestDatabase;
import io.madang.testkit.TestServer;
import io.madang.testkit.TestStores;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class PostgresLinkTest {
  private static final Duration WAIT = Duration.ofSeconds(20);

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    Done.of(vertx.close());
  }

  private static PostgresOptions options(String url) {
    return PostgresOptions.of(PostgresUrl.parse(url), "link-test")
        .withBackoff(new Backoff(Duration.ofMillis(10), Duration.ofMillis(100)));
  }

  private PostgresLink started(PostgresOptions options) {
    PostgresLink link = PostgresLink.create(vertx, options);
    done(link.start(WAIT));
    return link;
  }

  private static <T> T done(Future<T> future) {
    return Done.of(future);
  }

  private static Future<String> ask(SqlClient client, String sql) {
    return client.preparedQuery(sql).execute().map(rows -> {
      Row row = rows.iterator().next();
      return String.valueOf(row.getValue(0));
    });
  }

  private static String answer(PostgresLink link, String sql) {
    return done(link.with(connection -> ask(connection, sql)));
  }

  private static StoreUnavailableException unavailable(Future<?> future) {
    try {
      done(future);
    } catch (StoreUnavailableException e) {
      return e;
    }
    throw new AssertionError("it succeeded");
  }

  @Nested
  class A_pool {
    private final TestDatabase database = TestStores.createDatabase();

    @Test
    void tells_the_database_who_it_is_and_how_long_to_work() {
      Pool pool = PostgresPool.create(
          vertx,
          options(database.url())
              .withStatementLimits(Duration.ofMillis(4_321), Duration.ofMillis(987)));

      assertThat(done(ask(pool, "show application_name"))).isEqualTo("link-test");
      assertThat(done(ask(pool, "show statement_timeout"))).isEqualTo("4321ms");
      assertThat(done(ask(pool, "show lock_timeout"))).isEqualTo("987ms");
      assertThat(done(ask(pool, "show timezone"))).isEqualTo("UTC");
      done(pool.close());
    }

    @Test
    void turns_away_who_waits_too_long_or_behind_too_many() {
      Pool pool = PostgresPool.create(
          vertx, options(database.url()).withPool(1, 1).withAcquireLimit(Duration.ofMillis(200)));
      done(pool.getConnection());

      Future<String> waiting = ask(pool, "select 1");
      await()
          .untilAsserted(
              () -> assertThatThrownBy(() -> done(ask(pool, "select 1"))).isNotNull());
      assertThatThrownBy(() -> done(waiting)).hasMessageContaining("Timeout");
      done(pool.close());
    }

    @Test
    void never_opens_more_connections_than_it_may() {
      Pool pool = PostgresPool.create(vertx, options(database.url()).withPool(3, 100));
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        answers.add(ask(pool, "select pg_backend_pid() from pg_sleep(0.01)"));
      }

      assertThat(answers.stream().map(PostgresLinkTest::done).distinct().count())
          .isLessThanOrEqualTo(3);
      done(pool.close());
    }
  }

  @Nested
  class A_link {
    private final TestDatabase database = TestStores.createDatabase();

    @Test
    void keeps_to_one_connection() {
      PostgresLink link = started(options(database.url()));

      String first = done(link.with(connection -> ask(connection, "select pg_backend_pid()")));
      String second = done(link.with(connection -> ask(connection, "select pg_backend_pid()")));

      assertThat(first).isEqualTo(second);
      done(link.close());
    }

    @Test
    void does_a_transaction_as_a_whole() throws Exception {
      database.execute("create table kept (id bigint primary key)");
      PostgresLink link = started(options(database.url()));

      Future<Object> twice = link.with(connection -> connection
          .begin()
          .compose(transaction -> insert(connection)
              .compose(nothing -> insert(connection))
              .onFailure(failure -> transaction.rollback())));

      assertThatThrownBy(() -> done(twice))
          .isInstanceOf(PgException.class)
          .hasMessageContaining("duplicate key");
      assertThat(database.rows("select count(*) from kept")).containsExactly("0");
      assertThat(answer(link, "select 1")).isEqualTo("1");
      done(link.close());
    }

    private Future<Object> insert(SqlClient connection) {
      return connection
          .preparedQuery("insert into kept values ($1)")
          .execute(Tuple.of(1L))
          .mapEmpty();
    }

    @Test
    void says_that_it_was_lost_when_an_administrator_ends_it() {
      PostgresLink link = started(options(database.url()));
      PostgresLink administrator = started(options(database.url()));
      String backend = answer(link, "select pg_backend_pid()::text");
      Future<String> waiting = link.with(connection -> ask(connection, "select pg_sleep(4)"));

      assertThat(answer(administrator, "select pg_terminate_backend(" + backend + ")::text"))
          .isEqualTo("true");

      assertThat(unavailable(waiting).reason()).isEqualTo(Reason.LOST);
      done(link.close());
      done(administrator.close());
    }

    @Test
    void is_told_by_the_server_that_a_statement_took_too_long() {
      PostgresLink link = started(options(database.url())
          .withStatementLimits(Duration.ofMillis(100), Duration.ofMillis(50)));

      assertThatThrownBy(
              () -> done(link.with(connection -> ask(connection, "select pg_sleep(10)"))))
          .isInstanceOfSatisfying(
              PgException.class, e -> assertThat(e.getSqlState()).isEqualTo("57014"));
      assertThat(link.isUp()).isTrue();
      done(link.close());
    }

    @Test
    void does_not_wait_for_a_lock_longer_than_it_may() throws Exception {
      database.execute(
          "create table locked (id bigint primary key); insert into locked values (1)");
      PostgresLink holder = started(options(database.url()));
      PostgresLink waiter = started(options(database.url())
          .withStatementLimits(Duration.ofSeconds(5), Duration.ofMillis(100)));
      done(holder.with(connection -> connection.begin().mapEmpty()));
      done(holder.with(connection -> ask(connection, "select id from locked for update")));

      assertThatThrownBy(() ->
              done(waiter.with(connection -> ask(connection, "select id from locked for update"))))
          .isInstanceOfSatisfying(
              PgException.class, e -> assertThat(e.getSqlState()).isEqualTo("55P03"));
      done(holder.close());
      done(waiter.close());
    }
  }

  @Nested
  class A_database_that_comes_and_goes {
    private final TestServer postgres = TestStores.ownPostgres();

    @AfterEach
    void close() {
      postgres.close();
    }

    @Test
    void is_back_after_a_crash_for_link_and_pool() {
      AtomicInteger told = new AtomicInteger();
      PostgresLink link =
          PostgresLink.create(vertx, options(postgres.url())).onReconnect(told::incrementAndGet);
      done(link.start(WAIT));
      Pool pool = PostgresPool.create(vertx, options(postgres.url()));
      done(link.with(connection ->
          connection.query("create table kept as select 42 as answer").execute()));
      assertThat(done(ask(pool, "select answer from kept"))).isEqualTo("42");

      postgres.kill();
      await().until(() -> !link.isUp());
      assertThat(
              unavailable(link.with(connection -> ask(connection, "select 1"))).reason())
          .isEqualTo(Reason.DOWN);
      assertThatThrownBy(() -> done(ask(pool, "select 1"))).isNotNull();
      postgres.start();

      await().atMost(WAIT).until(() -> told.get() == 1);
      assertThat(answer(link, "select answer from kept")).isEqualTo("42");
      assertThat(done(ask(pool, "select answer from kept"))).isEqualTo("42");
      done(link.close());
      done(pool.close());
    }

    @Test
    void fails_what_was_under_way() {
      PostgresLink link = started(options(postgres.url()));
      Future<String> waiting = link.with(connection -> ask(connection, "select pg_sleep(4)"));
      Pool pool = PostgresPool.create(vertx, options(postgres.url()));
      await()
          .until(
              () -> done(ask(
                  pool, "select count(*) from pg_stat_activity where query like '%pg_sleep(4)%'")),
              n -> !"1".equals(n));

      postgres.kill();

      assertThat(unavailable(waiting).reason()).isEqualTo(Reason.LOST);
      done(link.close());
      done(pool.close());
    }

    @Tag("slow")
    @Test
    void that_stands_still_costs_a_bounded_time() throws Exception {
      PostgresLink link = started(options(postgres.url())
          .withStatementLimits(Duration.ofMillis(100), Duration.ofMillis(50)));
      String backend = done(link.with(connection -> ask(connection, "select pg_backend_pid()")));

      assertThat(
              new ProcessBuilder("sh", "-c", "kill -s STOP " + backend).start().waitFor())
          .isZero();

      assertThat(
              unavailable(link.with(connection -> ask(connection, "select 1"))).reason())
          .isEqualTo(Reason.TIMEOUT);
      await().atMost(WAIT).until(link::isUp);
      assertThat(answer(link, "select 1")).isEqualTo("1");
      assertThat(
              new ProcessBuilder("sh", "-c", "kill -s CONT " + backend).start().waitFor())
          .isZero();
      done(link.close());
    }

    @Test
    void turns_a_wrong_password_away_at_once() {
      String wrong = postgres.url().replace(postgres.password(), "wr0ng");

      assertThatThrownBy(
              () -> done(PostgresLink.create(vertx, options(wrong)).start(Duration.ofMinutes(5))))
          .isInstanceOf(StoreStartException.class)
          .hasMessageContaining("turns us away (")
          .hasMessageContaining("password authentication failed")
          .hasMessageContaining("MADANG_POSTGRES_URL")
          .hasMessageNotContaining("wr0ng");
    }
  }

  @Test
  void a_database_that_does_not_come_is_given_up_with_a_sentence() {
    int port = FreePorts.one();
    PostgresLink link = PostgresLink.create(
        vertx, options("postgresql://madang:s3cret@127.0.0.1:" + port + "/madang"));

    assertThatThrownBy(() -> done(link.start(Duration.ofMillis(300))))
        .isInstanceOf(StoreStartException.class)
        .hasMessageContaining("PostgreSQL at 127.0.0.1:" + port + "/madang does not answer")
        .hasMessageEndingWith("start it or correct MADANG_POSTGRES_URL")
        .hasMessageNotContaining("s3cret");
  }
}
