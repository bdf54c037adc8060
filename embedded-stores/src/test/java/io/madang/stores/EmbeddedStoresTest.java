package io.madang.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EmbeddedStoresTest {
  @TempDir
  Path temp;

  private final List<AutoCloseable> toClose = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : toClose) {
      each.close();
    }
    assertThat(new StrayServers("postgres", data().toRealPath().resolve("postgres")).find())
        .isEmpty();
    assertThat(new StrayServers("redis-server", data().toRealPath().resolve("redis")).find())
        .isEmpty();
  }

  private Path data() {
    try {
      return Files.createDirectories(temp.resolve("data"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private EmbeddedStores start() {
    return start(StoresOptions.defaults());
  }

  private EmbeddedStores start(StoresOptions options) {
    EmbeddedStores stores = EmbeddedStores.start(data(), options);
    toClose.add(stores);
    return stores;
  }

  /** Another JVM that holds the directory; its lines up to "ready" by their first word. */
  private Map<String, String> startOwner(Map<String, String> environment) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder = new ProcessBuilder(
        java,
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        StoresOwner.class.getName(),
        data().toString());
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).start();
    toClose.add(process::destroyForcibly);
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    Map<String, String> said = new HashMap<>();
    said.put("pid", Long.toString(process.pid()));
    while (!said.containsKey("ready")) {
      String line = lines.readLine();
      if (line == null) {
        throw new IllegalStateException("the owner ended: " + said);
      }
      int space = line.indexOf(' ');
      said.put(space < 0 ? line : line.substring(0, space), line.substring(space + 1));
    }
    return said;
  }

  private static void kill(String pid) {
    ProcessHandle owner = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    owner.destroyForcibly();
    await().until(() -> !owner.isAlive());
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS)
  class Started_on_an_empty_directory {
    /** One for all of these tests: each only looks. */
    private EmbeddedStores stores;

    private Path place;

    @BeforeAll
    void start(@TempDir Path directory) {
      place = directory.resolve("data");
      stores = EmbeddedStores.start(place, StoresOptions.defaults());
    }

    @AfterAll
    void stop() {
      stores.close();
    }

    @Test
    void both_answer_over_loopback_with_the_passwords_in_their_addresses() throws Exception {
      assertThat(StoreClients.ask(stores.postgresUrl(), "select current_user")).isEqualTo("madang");
      assertThat(StoreClients.redis(stores.redisUrl().reveal(), "PING")).isEqualTo("+PONG");
    }

    @Test
    void what_is_acknowledged_is_on_the_disk() throws Exception {
      for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
        assertThat(StoreClients.ask(stores.postgresUrl(), "show " + setting)).isEqualTo("on");
      }
      String redis = stores.redisUrl().reveal();
      assertThat(StoreClients.redis(redis, "CONFIG GET appendonly")).isEqualTo("yes");
      assertThat(StoreClients.redis(redis, "CONFIG GET appendfsync")).isEqualTo("everysec");
    }

    @Test
    void text_is_unicode_on_every_host() throws Exception {
      StoreUrl url = stores.postgresUrl();

      assertThat(StoreClients.ask(url, "show server_encoding")).isEqualTo("UTF8");
      assertThat(StoreClients.ask(url, "select lower('ÀÉ마당')")).isEqualTo("àé마당");
      assertThat(StoreClients.ask(url, "select '마당' ~ '^\\w+$'")).isEqualTo("t");
    }

    @Test
    void the_services_user_may_read_what_an_epoch_is_made_of() throws Exception {
      StoreUrl url = stores.postgresUrl();

      assertThat(StoreClients.ask(url, "select system_identifier from pg_control_system()"))
          .isNotBlank();
      assertThat(StoreClients.ask(url, "select timeline_id from pg_control_checkpoint()"))
          .isEqualTo("1");
    }

    @Test
    void nobody_gets_in_without_the_password() {
      String wrong =
          stores.postgresUrl().reveal().replace(stores.postgresUrl().revealPassword(), "wrong");
      assertThatThrownBy(() -> StoreClients.ask(wrong, "select 1"))
          .hasMessageContaining("password authentication failed");
      String redis =
          stores.redisUrl().reveal().replace(stores.redisUrl().revealPassword(), "wrong");
      assertThat(StoreClientsReply.of(redis)).startsWith("-NOAUTH");
    }

    @Test
    void passwords_are_the_owners_alone_and_not_printed() throws Exception {
      assertThat(stores.postgresUrl().toString())
          .isEqualTo("postgresql://madang:***@127.0.0.1:" + stores.postgres().port() + "/madang");
      assertThat(stores.redisUrl().toString())
          .isEqualTo("redis://:***@127.0.0.1:" + stores.redis().port());
      for (String file : List.of("secrets/postgres", "secrets/redis", "run/redis.conf")) {
        assertThat(
                PosixFilePermissions.toString(Files.getPosixFilePermissions(place.resolve(file))))
            .isEqualTo("rw-------");
      }
      String password = stores.postgresUrl().revealPassword();
      assertThat(Files.readString(place.resolve("run/postgres.log"))).doesNotContain(password);
    }

    @Test
    void a_signal_to_our_process_group_does_not_reach_them() throws Exception {
      assertThat(sessionOf(stores.postgres().pid())).isEqualTo(stores.postgres().pid());
      assertThat(sessionOf(stores.redis().pid())).isEqualTo(stores.redis().pid());
    }

    private long sessionOf(long pid) throws IOException {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[3]);
    }
  }

  @Nested
  class Started_again {
    @Test
    void everything_is_there() throws Exception {
      try (EmbeddedStores first = EmbeddedStores.start(data(), StoresOptions.defaults())) {
        StoreClients.run(first.postgresUrl(), "create table kept as select 42 as answer");
        StoreClients.redis(first.redisUrl().reveal(), "SET kept 43");
      }

      EmbeddedStores second = start();

      assertThat(StoreClients.ask(second.postgresUrl(), "select answer from kept"))
          .isEqualTo("42");
      assertThat(StoreClients.redis(second.redisUrl().reveal(), "GET kept")).isEqualTo("43");
    }

    @Test
    void stays_on_its_port_over_a_restart_of_one_server() throws Exception {
      EmbeddedStores stores = start();
      String before = stores.postgresUrl().reveal();
      StoreClients.run(before, "create table kept as select 42 as answer");

      stores.postgres().restart();

      assertThat(StoreClients.ask(before, "select answer from kept")).isEqualTo("42");
    }

    @Test
    void new_passwords_are_set_when_they_were_lost() throws Exception {
      try (EmbeddedStores first = EmbeddedStores.start(data(), StoresOptions.defaults())) {
        StoreClients.run(first.postgresUrl(), "create table kept as select 42 as answer");
      }
      Files.delete(data().resolve("secrets/postgres"));

      EmbeddedStores second = start();

      assertThat(StoreClients.ask(second.postgresUrl(), "select answer from kept"))
          .isEqualTo("42");
    }

    @Test
    void closing_twice_is_closing_once() {
      EmbeddedStores stores = start();

      stores.close();
      stores.close();

      assertThat(stores.postgres().isRunning()).isFalse();
    }
  }

  @Nested
  class A_server_that_was_killed {
    @Test
    void comes_back_by_itself_with_every_committed_row() throws Exception {
      EmbeddedStores stores = start();
      StoreClients.run(stores.postgresUrl(), "create table kept as select 42 as answer");
      StoreClients.redis(stores.redisUrl().reveal(), "SET kept 43");
      long postgres = stores.postgres().pid();
      long redis = stores.redis().pid();

      ProcessHandle.of(postgres).orElseThrow().destroyForcibly();
      ProcessHandle.of(redis).orElseThrow().destroyForcibly();

      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> stores.postgres().isRunning() && stores.postgres().pid() != postgres);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> stores.redis().isRunning() && stores.redis().pid() != redis);
      assertThat(StoreClients.ask(stores.postgresUrl(), "select answer from kept"))
          .isEqualTo("42");
      assertThat(StoreClients.redis(stores.redisUrl().reveal(), "GET kept")).isEqualTo("43");
    }

    @Test
    void stays_down_when_it_was_killed_on_purpose_and_starts_at_once_again() throws Exception {
      EmbeddedStores stores = start();
      StoreClients.run(stores.postgresUrl(), "create table kept as select 42 as answer");

      stores.postgres().kill();
      assertThat(stores.postgres().isRunning()).isFalse();
      stores.postgres().start();

      assertThat(StoreClients.ask(stores.postgresUrl(), "select answer from kept"))
          .isEqualTo("42");
    }
  }

  @Nested
  class An_owner_that_was_killed {
    @Test
    void leaves_servers_that_the_next_owner_replaces_without_losing_a_row() throws Exception {
      Map<String, String> said = startOwner(Map.of());
      StoreClients.run(said.get("postgres"), "create table kept as select 42 as answer");
      StoreClients.redis(said.get("redis"), "SET kept 43");
      kill(said.get("pid"));
      assertThat(StoreClients.redis(said.get("redis"), "PING")).isEqualTo("+PONG");

      EmbeddedStores stores = start();

      assertThat(StoreClients.ask(stores.postgresUrl(), "select answer from kept"))
          .isEqualTo("42");
      assertThat(StoreClients.redis(stores.redisUrl().reveal(), "GET kept")).isEqualTo("43");
      for (String pid : said.get("ready").split(" ", -1)) {
        // A zombie that nobody waited for has no program any more.
        assertThat(Path.of("/proc", pid, "exe").toFile().exists()).isFalse();
      }
    }

    @Test
    void together_with_its_servers_loses_no_row() throws Exception {
      Map<String, String> said = startOwner(Map.of());
      StoreClients.run(said.get("postgres"), "create table kept as select 42 as answer");
      kill(said.get("pid"));
      for (String pid : said.get("ready").split(" ", -1)) {
        ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly();
      }

      EmbeddedStores stores = start();

      assertThat(StoreClients.ask(stores.postgresUrl(), "select answer from kept"))
          .isEqualTo("42");
    }

    @Test
    void leaves_even_a_stopped_server_to_be_replaced() throws Exception {
      Map<String, String> said = startOwner(Map.of());
      kill(said.get("pid"));
      HostCommand.signal(Long.parseLong(said.get("ready").split(" ", -1)[0]), "STOP");

      EmbeddedStores stores = start();

      assertThat(StoreClients.ask(stores.postgresUrl(), "select 1")).isEqualTo("1");
    }
  }

  @Nested
  class A_directory_that_cannot_be_used {
    @Test
    void is_one_that_this_process_holds() {
      start();

      assertThatThrownBy(EmbeddedStoresTest.this::start)
          .isInstanceOf(StoreStartException.class)
          .hasMessageContaining(
              "is in use by the process " + ProcessHandle.current().pid());
      assertThatThrownBy(EmbeddedStoresTest.this::start)
          .isInstanceOf(StoreStartException.class)
          .hasMessageContaining("is in use by the process");
    }

    @Test
    void is_one_that_another_process_holds_and_who_that_is_is_said() throws Exception {
      Map<String, String> said = startOwner(Map.of());

      assertThatThrownBy(EmbeddedStoresTest.this::start)
          .isInstanceOf(StoreStartException.class)
          .hasMessageContaining(data().toString())
          .hasMessageContaining("is in use by the process " + said.get("pid"))
          .hasMessageContaining("MADANG_DATA_DIR");

      assertThat(StoreClients.ask(said.get("postgres"), "select 1")).isEqualTo("1");
      kill(said.get("pid"));
      start();
    }

    @Test
    void is_one_that_cannot_be_made() throws Exception {
      Path file = Files.writeString(temp.resolve("file"), "");

      assertThatThrownBy(() -> EmbeddedStores.start(file.resolve("data"), StoresOptions.defaults()))
          .isInstanceOf(StoreStartException.class)
          .hasMessageContaining(file.resolve("data") + " cannot be written")
          .hasMessageContaining("MADANG_DATA_DIR");
    }

    @Test
    void is_one_of_a_kernel_that_takes_no_files() {
      assertThatThrownBy(
              () -> EmbeddedStores.start(Path.of("/proc/madang"), StoresOptions.defaults()))
          .isInstanceOf(StoreStartException.class)
          .hasMessageContaining("/proc/madang cannot be written");
    }

    @Test
    void is_one_of_another_format() throws Exception {
      Files.writeString(data().resolve("FORMAT"), "7\n");

      assertThatThrownBy(EmbeddedStoresTest.this::start)
          .isInstanceOf(StoreStartException.class)
          .hasMessageContaining("has format 7 and this Madang knows " + DataDirectory.FORMAT);
    }

    @Test
    void is_somebody_elses() throws Exception {
      Files.createDirectories(data().resolve("postgres"));

      assertThatThrownBy(EmbeddedStoresTest.this::start)
          .isInstanceOf(StoreStartException.class)
          .hasMessageContaining("that Madang did not make");
      assertThat(data().resolve("FORMAT")).doesNotExist();
    }

    @Test
    void is_one_of_another_postgresql() throws Exception {
      start().close();
      Files.writeString(data().resolve("postgres/PG_VERSION"), "16\n");

      assertThatThrownBy(EmbeddedStoresTest.this::start)
          .isInstanceOf(StoreStartException.class)
          .hasMessageContaining("written by PostgreSQL 16 and this Madang brings 17");
    }
  }

  @Nested
  class A_port_that_was_asked_for {
    @Test
    void is_used() throws Exception {
      int port = freePort();

      EmbeddedStores stores = start(StoresOptions.defaults().withPorts(port, 0));

      assertThat(stores.postgres().port()).isEqualTo(port);
    }

    @Test
    void is_named_when_it_is_taken() throws Exception {
      try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        int port = taken.getLocalPort();

        assertThatThrownBy(() -> start(StoresOptions.defaults().withPorts(port, 0)))
            .isInstanceOf(StoreStartException.class)
            .hasMessageContaining("PostgreSQL cannot listen on 127.0.0.1:" + port);
        assertThatThrownBy(() -> start(StoresOptions.defaults().withPorts(0, port)))
            .isInstanceOf(StoreStartException.class)
            .hasMessageContaining("Redis cannot listen on 127.0.0.1:" + port);
      }
    }

    private int freePort() throws IOException {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      }
    }
  }

  @Nested
  class A_host_without_user_namespaces {
    @Test
    void runs_postgresql_as_another_user_when_we_are_root() throws Exception {
      // As an ordinary user there is nothing to work around, and the same holds.
      Path bin = Files.createDirectory(temp.resolve("bin"));
      for (String name : List.of("sh", "setsid", "setpriv", "true", "test")) {
        Files.createSymbolicLink(bin.resolve(name), Path.of("/usr/bin", name));
      }
      Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));

      Map<String, String> said = startOwner(Map.of("PATH", bin.toString()));
      StoreClients.run(said.get("postgres"), "create table kept as select 42 as answer");
      kill(said.get("pid"));
      EmbeddedStores stores = start();

      assertThat(StoreClients.ask(stores.postgresUrl(), "select answer from kept"))
          .isEqualTo("42");
    }
  }

  /** The answer to a command after a login that failed. */
  private static final class StoreClientsReply {
    static String of(String url) {
      try {
        return StoreClients.redis(url, "GET anything");
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
