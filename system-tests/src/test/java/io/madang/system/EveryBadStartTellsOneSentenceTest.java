package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.testkit.FreePorts;
import io.madang.testkit.TestDatabase;
import io.madang.testkit.TestKeyspace;
import io.madang.testkit.TestStores;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever starts it wrongly reads one sentence that says what is wrong and what to do, and no stack trace. */
@Tag("cluster")
@DisplayNameGeneration(ReplaceUnderscores.class)
class EveryBadStartTellsOneSentenceTest {
  private static final int FAILED = 1;
  private static final int BAD_SETTINGS = 2;

  private static TestDatabase database;
  private static TestKeyspace keyspace;

  @TempDir
  private Path temp;

  @BeforeAll
  static void startStores() {
    database = TestStores.createDatabase();
    keyspace = TestStores.createKeyspace();
  }

  @AfterAll
  static void giveBack() {
    keyspace.close();
  }

  private void says(String verb, Map<String, String> settings, int exit, String... sentences) {
    try (Launched launched = Launched.start(verb, temp.resolve("data"), settings)) {
      assertEnds(launched, exit, sentences);
    }
  }

  private static void assertEnds(Launched launched, int exit, String... sentences) {
    assertThat(launched.awaitExit()).isEqualTo(exit);
    assertThat(launched.spoken()).containsExactly(sentences);
  }

  @Nested
  class A_port_that_is_taken {
    @Test
    void is_named_with_the_setting_that_chooses_another() throws IOException {
      try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        int port = taken.getLocalPort();
        String sentence =
            "Port %d on 127.0.0.1 is taken by another program; stop that one, or set MADANG_HTTP_PORT to another port."
                .formatted(port);
        try (Launched launched = Launched.start("all", temp.resolve("data"), port, Map.of())) {
          assertEnds(launched, FAILED, sentence);
        }
        assertThat(temp.resolve("data")).as("nothing was begun").doesNotExist();
      }
    }

    @Test
    void is_told_by_the_cluster_when_it_is_the_second_one() throws IOException {
      try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        int port = taken.getLocalPort();
        String sentence =
            "Port %d on 127.0.0.1 is taken by another program; stop that one, or set MADANG_HTTP_PORT to another port."
                .formatted(port);
        try (Launched launched =
            Launched.start("cluster", temp.resolve("data"), port - 1, Map.of())) {
          assertEnds(launched, FAILED, sentence);
        }
      }
    }

    @Test
    void is_told_apart_from_an_address_of_another_machine() {
      says(
          "all",
          Map.of("MADANG_HTTP_HOST", "192.0.2.1"),
          FAILED,
          "MADANG_HTTP_HOST is 192.0.2.1, which is not an address of this machine; set it to one that is, or to 0.0.0.0 for all.");
    }
  }

  @Nested
  class A_data_directory {
    @Test
    void that_cannot_be_made_is_named_with_the_reason() throws IOException {
      Path file = Files.writeString(temp.resolve("data"), "not a directory");
      try (Launched launched = Launched.start("all", file, Map.of())) {
        assertThat(launched.awaitExit()).isEqualTo(FAILED);
        assertThat(launched.spoken())
            .singleElement()
            .asString()
            .matches(
                "The data directory .*/data cannot be written \\(.+\\); make it writable for this user, or set MADANG_DATA_DIR to another directory\\.");
      }
    }

    @Test
    void that_another_process_holds_is_named_with_that_process() throws IOException {
      Path data = temp.resolve("data");
      try (Launched first = Launched.start("all", data, Map.of()).awaitReady();
          Launched second = Launched.start("all", data, Map.of())) {
        assertEnds(
            second,
            FAILED,
            "The data directory %s is in use by the process %d; stop that one, or set MADANG_DATA_DIR to another directory."
                .formatted(data.toRealPath(), first.process().pid()));
        assertThat(first.command(first.guest("mina"), "joinRoom", "{\"room\":\"dev\"}"))
            .as("the first one goes on")
            .contains("\"room\":\"dev\"");
      }
    }
  }

  @Nested
  class A_given_store {
    @Test
    void that_turns_us_away_is_told_at_once() {
      String wrong = database.url().replace(":" + database.password() + "@", ":wrong@");
      try (Launched launched =
          Launched.start("all", temp.resolve("data"), Map.of("MADANG_POSTGRES_URL", wrong))) {
        assertThat(launched.awaitExit()).isEqualTo(FAILED);
        assertThat(launched.spoken())
            .singleElement()
            .asString()
            .startsWith("PostgreSQL at %s:%d/%s turns us away ("
                .formatted(database.host(), database.port(), database.name()))
            .endsWith("correct MADANG_POSTGRES_URL, or let that user in there.")
            .contains(database.user())
            .doesNotContain("wrong");
      }
    }

    @Test
    void that_does_not_answer_is_waited_for_and_then_named() {
      int nobody = FreePorts.one();
      try (Launched launched = Launched.start(
          "dashboard",
          temp.resolve("data"),
          Map.of(
              "MADANG_POSTGRES_URL",
              database.url(),
              "MADANG_REDIS_URL",
              "redis://127.0.0.1:" + nobody,
              "MADANG_START_MS",
              "1000"))) {
        assertThat(launched.awaitExit()).isEqualTo(FAILED);
        assertThat(launched.spoken())
            .singleElement()
            .asString()
            .matches(
                "Redis at 127\\.0\\.0\\.1:%d.* does not answer within 1 s \\(.+\\); start it or correct MADANG_REDIS_URL\\."
                    .formatted(nobody));
      }
    }

    @Test
    void whose_host_does_not_exist_is_told_by_the_cluster_once_and_not_by_each_process() {
      try (Launched launched = Launched.start(
          "cluster",
          temp.resolve("data"),
          Map.of(
              "MADANG_POSTGRES_URL", "postgresql://madang:secret@nowhere.invalid/madang",
              "MADANG_REDIS_URL", keyspace.url(),
              "MADANG_START_MS", "1000"))) {
        assertThat(launched.awaitExit()).isEqualTo(FAILED);
        assertThat(launched.spoken())
            .singleElement()
            .asString()
            .startsWith("PostgreSQL at nowhere.invalid:5432/madang does not answer within 1 s")
            .endsWith("start it or correct MADANG_POSTGRES_URL.")
            .doesNotContain("secret");
      }
    }

    @Test
    void that_a_role_needs_and_nobody_named_is_asked_for() {
      says(
          "chat",
          Map.of(),
          BAD_SETTINGS,
          "MADANG_POSTGRES_URL must be set for this role: PostgreSQL, for all that must last: postgresql://user:password@host:5432/database.");
    }
  }

  @Nested
  class Settings {
    @Test
    void that_do_not_exist_are_refused() {
      says(
          "all",
          Map.of("MADANG_HTPP_PORT", "9090"),
          BAD_SETTINGS,
          "MADANG_HTPP_PORT is not a setting of Madang; remove it or correct its name.");
    }

    @Test
    void are_told_with_all_their_problems_at_once_and_without_their_secrets() {
      says(
          "all",
          Map.of(
              "MADANG_LOG_FORMAT", "xml",
              "MADANG_POSTGRES_URL", "mysql://root:hunter2@db/x",
              "MADANG_HTTP_PORT", "70000",
              "MADANG_COLOUR", "blue"),
          BAD_SETTINGS,
          "MADANG_LOG_FORMAT must be text or json but is \"xml\" (text or json).",
          "MADANG_POSTGRES_URL must look like postgresql://user:password@host:5432/database; it does not begin with postgresql://.",
          "MADANG_HTTP_PORT must be from 0 to 65535 but is \"70000\" (port, 0 for any free one).",
          "MADANG_COLOUR is not a setting of Madang; remove it or correct its name.");
    }

    @Test
    void that_the_cluster_chooses_for_each_process_are_refused_there() {
      says(
          "cluster",
          Map.of("MADANG_HEALTH_PORT", "9100"),
          BAD_SETTINGS,
          "MADANG_HEALTH_PORT is chosen for each process by the cluster command; leave it out.");
    }
  }

  @Test
  void an_unknown_verb_is_answered_with_those_there_are() {
    try (Launched launched = Launched.start("dance", temp.resolve("data"), Map.of())) {
      assertThat(launched.awaitExit()).isEqualTo(BAD_SETTINGS);
      assertThat(launched.spoken().get(0)).isEqualTo("Madang has no verb \"dance\"; it has these:");
    }
  }
}
