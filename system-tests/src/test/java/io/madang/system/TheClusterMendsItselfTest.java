package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.testkit.RunningProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The mesh as processes of one machine: one that dies is started again, none outlives a killed supervisor, the next start finds
 * everything, and Ctrl-C stops them in order. One long story, as each of its starts costs seven JVMs.
 */
@Tag("cluster")
@DisplayNameGeneration(ReplaceUnderscores.class)
class TheClusterMendsItselfTest {
  private static final Duration MENDING_LIMIT = Duration.ofMinutes(1);
  private static final Pattern NUMBERS = Pattern.compile("([a-z]+-\\d) (\\d+)");

  @TempDir
  private Path temp;

  @Test
  void and_leaves_nothing_behind() {
    try (Launched first =
        Launched.start("cluster", temp.resolve("data"), Map.of()).awaitReady()) {
      String token = first.guest("mina");
      first.command(token, "joinRoom", "{\"room\":\"dev\"}");
      first.command(token, "sendToRoom", "{\"room\":\"dev\",\"text\":\"before the fall\"}");

      Awaitility.await("an operator who asks without saying where")
          .atMost(MENDING_LIMIT)
          .untilAsserted(() -> assertThat(nodes(first))
              .filteredOn(line -> line.endsWith(" fine"))
              .hasSize(7));

      process(first, "chat-1").destroyForcibly();
      first.process().awaitLine("chat-1 was killed; it is started again in 0.5 s.", MENDING_LIMIT);
      first.process().awaitLine("chat-1 serves again", MENDING_LIMIT);

      List<ProcessHandle> children = first.process().children().stream()
          .filter(TheClusterMendsItselfTest::isJvm)
          .toList();
      assertThat(children).hasSize(7);
      first.process().kill();
      first.awaitExit();
      Awaitility.await("the end of all processes")
          .atMost(MENDING_LIMIT)
          .until(() -> children.stream().noneMatch(ProcessHandle::isAlive));

      try (Launched second = first.again("cluster", Map.of()).awaitReady()) {
        assertThat(second.command(token, "recentMessages", "{\"room\":\"dev\"}"))
            .contains("before the fall");

        second.process().interrupt();
        assertThat(second.awaitExit()).isZero();
        assertThat(second.spoken()).endsWith("Stopped; everything is in " + second.data() + ".");
        assertThat(second.stoppedItsStores()).isTrue();
      }
    }
  }

  /** What {@code admin nodes} prints. */
  private static List<String> nodes(Launched cluster) {
    List<String> command = new ArrayList<>(Distribution.command("admin"));
    command.add("nodes");
    Map<String, String> settings = Map.of("MADANG_DATA_DIR", cluster.data().toString());
    try (RunningProcess admin =
        RunningProcess.start("admin", command, settings, Distribution.root())) {
      admin.awaitExit(MENDING_LIMIT);
      return admin.lines();
    }
  }

  /** The stores are children as well, and outlive a killed supervisor on purpose. */
  private static boolean isJvm(ProcessHandle child) {
    return child.info().command().filter(command -> command.endsWith("/java")).isPresent();
  }

  private static ProcessHandle process(Launched cluster, String name) {
    String line = cluster.process().awaitLine("Process numbers: ", Duration.ofSeconds(1));
    Matcher number = NUMBERS.matcher(line);
    while (number.find()) {
      if (number.group(1).equals(name)) {
        return ProcessHandle.of(Long.parseLong(number.group(2))).orElseThrow();
      }
    }
    throw new AssertionError("no process number of " + name + " in " + line);
  }
}
