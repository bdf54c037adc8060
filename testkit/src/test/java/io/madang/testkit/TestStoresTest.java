package io.madang.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class TestStoresTest {

  @Nested
  class Two_databases {
    @Test
    void do_not_see_each_other() throws Exception {
      TestDatabase one = TestStores.createDatabase();
      TestDatabase other = TestStores.createDatabase();

      one.execute("create table only_here as select 1 as a, null as b");

      assertThat(one.rows("select * from only_here")).containsExactly("1|null");
      assertThat(other.rows("select count(*) from pg_tables where tablename = 'only_here'"))
          .containsExactly("0");
    }

    @Test
    void have_an_owner_without_further_rights_and_print_no_password() throws Exception {
      TestDatabase database = TestStores.createDatabase();

      assertThat(database.rows("select rolsuper from pg_roles where rolname = current_user"))
          .containsExactly("f");
      assertThat(database.toString()).contains(":***@");
      assertThat(URI.create(database.url()).getPort()).isEqualTo(database.port());
    }

    @Test
    void know_upper_and_lower_case_beyond_ascii() throws Exception {
      assertThat(TestStores.createDatabase().rows("select lower('ÀÉ마당')")).containsExactly("àé마당");
    }
  }

  @Nested
  class Two_keyspaces {
    @Test
    void do_not_see_each_other_and_are_empty_when_taken_again() throws Exception {
      TestKeyspace one = TestStores.createKeyspace();
      try (TestKeyspace other = TestStores.createKeyspace()) {
        redis(one, "SET a 1");
        assertThat(redis(other, "DBSIZE")).isEqualTo(":0");
        assertThat(redis(one, "DBSIZE")).isEqualTo(":1");
      }
      one.close();

      try (TestKeyspace again = TestStores.createKeyspace()) {
        assertThat(again.number()).isEqualTo(one.number());
        assertThat(redis(again, "DBSIZE")).isEqualTo(":0");
      }
    }

    private String redis(TestKeyspace keyspace, String command) throws IOException {
      URI url = URI.create(keyspace.url());
      try (Socket socket = new Socket(url.getHost(), url.getPort())) {
        socket.setSoTimeout(5_000);
        String login =
            url.getUserInfo() == null ? "" : "AUTH " + url.getUserInfo().substring(1);
        String select = "SELECT " + url.getPath().substring(1);
        String lines = String.join("\r\n", login, select, command, "QUIT", "");
        socket.getOutputStream().write(lines.getBytes(StandardCharsets.UTF_8));
        BufferedReader replies = new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        List<String> all = replies.lines().toList();
        return all.get(all.size() - 2);
      }
    }
  }

  @Nested
  class Stores_of_one_test {
    @Test
    void are_durable() throws Exception {
      try (TestServer postgres = TestStores.ownPostgres()) {
        TestDatabase database =
            new TestDatabase("127.0.0.1", postgres.port(), "madang", "madang", postgres.password());

        assertThat(database.rows("show fsync")).containsExactly("on");
      }
    }

    @Test
    void stay_down_when_killed_and_come_back_on_their_port() {
      try (TestServer redis = TestStores.ownRedis()) {
        String before = redis.url();

        redis.kill();
        assertThat(redis.isRunning()).isFalse();
        redis.start();

        assertThat(redis.isRunning()).isTrue();
        assertThat(redis.url()).isEqualTo(before);
      }
    }
  }

  @Nested
  class A_test_jvm_that_was_killed {
    @Test
    void leaves_nothing_once_the_next_one_has_started() throws Exception {
      List<String> command = RunningProcess.java(KilledTest.class);
      String line;
      try (RunningProcess killed =
          RunningProcess.start("killed", command, Map.of(), Path.of("."))) {
        line = killed.awaitLine("pid ", Duration.ofSeconds(60));
        killed.kill();
        killed.awaitExit(Duration.ofSeconds(10));
      }
      Path exe = Path.of("/proc", line.substring("pid ".length()), "exe");
      assertThat(exe).exists();

      TestStores.ownRedis().close();

      assertThat(exe.toFile().exists()).isFalse();
    }
  }

  /** Asks for a store and then stands still until it is killed. */
  static final class KilledTest {
    public static void main(String[] args) throws InterruptedException {
      System.out.println("pid " + TestStores.ownPostgres().pid());
      Thread.currentThread().join();
    }
  }
}
