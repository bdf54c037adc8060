package io.madang.runtime.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.madang.runtime.store.Done;
import io.madang.runtime.store.StoreStartException;
import io.madang.testkit.FreePorts;
import io.madang.testkit.TestDatabase;
import io.madang.testkit.TestServer;
import io.madang.testkit.TestStores;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class MigrationsTest {
  private static final Duration WAIT = Duration.ofSeconds(60);

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    Done.of(vertx.close());
  }

  private Future<Void> run(String url, String schema, Duration wait) {
    return Migrations.run(vertx, PostgresUrl.parse(url), schema, wait);
  }

  private static void done(Future<Void> future) {
    Done.of(future);
  }

  @Test
  void run_once_however_often_they_are_asked_for() throws Exception {
    TestDatabase database = TestStores.createDatabase();

    done(run(database.url(), "twotables", WAIT));
    done(run(database.url(), "twotables", WAIT));

    assertThat(database.rows("select count(*) from twotables.second")).containsExactly("1000");
  }

  @Tag("slow")
  @Test
  void run_once_when_several_nodes_start_at_the_same_moment() throws Exception {
    for (int round = 0; round < 3; round++) {
      TestDatabase database = TestStores.createDatabase();
      List<Future<Void>> nodes = new ArrayList<>();
      for (int node = 0; node < 4; node++) {
        nodes.add(run(database.url(), "twotables", WAIT));
      }

      nodes.forEach(MigrationsTest::done);

      assertThat(database.rows("select count(*) from twotables.second")).containsExactly("1000");
    }
  }

  @Test
  void keep_schemas_of_different_services_apart() throws Exception {
    TestDatabase database = TestStores.createDatabase();

    done(Migrations.run(
        vertx, PostgresUrl.parse(database.url()), "one", "classpath:db/twotables", WAIT));
    done(Migrations.run(
        vertx, PostgresUrl.parse(database.url()), "other", "classpath:db/twotables", WAIT));

    assertThat(
            database.rows("select schemaname from pg_tables where tablename = 'first' order by 1"))
        .containsExactly("one", "other");
  }

  @Test
  void wait_for_a_database_that_comes_late() throws Exception {
    try (TestServer postgres = TestStores.ownPostgres()) {
      postgres.stop();
      Future<Void> waiting = run(postgres.url(), "twotables", WAIT);

      postgres.start();

      done(waiting);
    }
  }

  @Test
  void give_up_with_a_sentence_when_it_does_not_come() {
    int port = FreePorts.one();

    assertThatThrownBy(() -> done(run(
            "postgresql://madang:s3cret@127.0.0.1:" + port + "/chat",
            "twotables",
            Duration.ofSeconds(1))))
        .isInstanceOf(StoreStartException.class)
        .hasMessageContaining(
            "PostgreSQL at 127.0.0.1:" + port + "/chat does not answer within 1 s (")
        .hasMessageContaining("refused")
        .hasMessageContaining("MADANG_POSTGRES_URL")
        .hasMessageNotContaining("s3cret")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  @Tag("slow")
  @Test
  void are_turned_away_at_once_with_a_wrong_password_or_database() {
    TestDatabase database = TestStores.createDatabase();
    String wrongPassword = database.url().replace(":" + database.password() + "@", ":wr0ng@");
    String wrongDatabase = database.url().replace("/" + database.name(), "/nowhere");

    assertThatThrownBy(() -> done(run(wrongPassword, "twotables", Duration.ofMinutes(5))))
        .isInstanceOf(StoreStartException.class)
        .hasMessageContaining("turns us away (")
        .hasMessageContaining("password authentication failed for user \"" + database.user() + "\"")
        .hasMessageNotContaining("wr0ng");
    assertThatThrownBy(() -> done(run(wrongDatabase, "twotables", Duration.ofMinutes(5))))
        .isInstanceOf(StoreStartException.class)
        .hasMessageContaining("\"nowhere\" does not exist");
  }

  @Test
  void that_are_broken_say_why_and_leave_nothing() throws Exception {
    TestDatabase database = TestStores.createDatabase();

    assertThatThrownBy(() -> done(run(database.url(), "broken", WAIT)))
        .isInstanceOf(StoreStartException.class)
        .hasMessageContaining("Schema broken")
        .hasMessageContaining("no_such_table")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    assertThat(database.rows("select count(*) from pg_tables where tablename = 'fine'"))
        .containsExactly("0");
  }

  @Test
  void that_are_not_there_are_missed() {
    TestDatabase database = TestStores.createDatabase();

    assertThatThrownBy(() -> done(run(database.url(), "nothing", WAIT)))
        .isInstanceOf(StoreStartException.class)
        .hasMessageContaining("nothing");
  }
}
