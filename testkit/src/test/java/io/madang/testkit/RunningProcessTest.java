package io.madang.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RunningProcessTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private static RunningProcess shell(String script) {
    return RunningProcess.start(
        "shell", List.of("sh", "-c", script), Map.of("SAID", "hello"), Path.of("."));
  }

  @Test
  void is_waited_for_by_its_lines_and_its_exit_value() {
    try (RunningProcess process = shell("echo $SAID; echo oops >&2; exit 3")) {
      assertThat(process.awaitLine("oops", SOON)).isEqualTo("oops");
      assertThat(process.awaitExit(SOON)).isEqualTo(3);
      assertThat(process.lines()).containsExactly("hello", "oops");
    }
  }

  @Test
  void that_ends_without_the_line_fails_at_once_with_what_it_said() {
    try (RunningProcess process = shell("echo something else")) {
      assertThatThrownBy(() -> process.awaitLine("never", SOON))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("ended without printing \"never\"")
          .hasMessageContaining("something else");
    }
  }

  @Test
  void stands_still_while_frozen() throws Exception {
    try (RunningProcess process = shell("while :; do sleep 0.05; done")) {
      process.freeze();
      await().until(() -> stateOf(process), "T"::equals);
      process.thaw();
      await().until(() -> stateOf(process), state -> !"T".equals(state));
    }
  }

  private static String stateOf(RunningProcess process) throws Exception {
    String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ", 2)[0];
  }

  @Test
  void takes_what_it_started_with_it_when_closed() {
    RunningProcess process = shell("sleep 600 & echo child $!; wait");
    String line = process.awaitLine("child", SOON);
    long child = Long.parseLong(line.substring("child ".length()));

    process.close();

    await().until(() -> !Path.of("/proc", Long.toString(child), "exe").toFile().exists());
    assertThat(process.isAlive()).isFalse();
  }

  @Test
  void hears_term_and_int() {
    try (RunningProcess process = shell(
        "trap 'echo int' INT; trap 'echo term; exit 7' TERM; echo up; while :; do sleep 0.05; done")) {
      process.awaitLine("up", SOON);
      process.interrupt();
      process.awaitLine("int", SOON);
      process.terminate();
      process.awaitLine("term", SOON);
      assertThat(process.awaitExit(SOON)).isEqualTo(7);
    }
  }
}
