package io.madang.benchmarks.product;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ChildrenTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** A run that starts a process, says its number and its directory, and goes on until it is killed. */
  static final class Run {
    private Run() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
      Children children = Children.begin();
      Process sleeping = children.start("sleeping", List.of("sleep", "600"), Map.of());
      System.out.println(sleeping.pid());
      System.out.println(children.directory());
      sleeping.waitFor();
    }
  }

  private static boolean comesTrue(BooleanSupplier condition) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    return true;
  }

  @Test
  void end_when_their_owner_is_closed() throws IOException {
    Children children = Children.begin();
    Process sleeping = children.start("sleeping", List.of("sleep", "600"), Map.of());

    children.close();

    assertThat(sleeping.isAlive()).isFalse();
    assertThat(children.directory()).doesNotExist();
  }

  @Test
  void end_when_their_owner_is_killed() throws IOException {
    Process owner = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-Xmx32m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            Run.class.getName())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    BufferedReader said =
        new BufferedReader(new InputStreamReader(owner.getInputStream(), StandardCharsets.UTF_8));
    long child = Long.parseLong(said.readLine());
    Path directory = Path.of(said.readLine());
    assertThat(ProcessHandle.of(child)).isPresent();

    owner.destroyForcibly();

    assertThat(comesTrue(() -> ProcessHandle.of(child).isEmpty())).isTrue();
    assertThat(comesTrue(() -> Files.notExists(directory))).isTrue();
  }

  @Test
  void never_get_the_same_port_twice() throws IOException {
    try (Children children = Children.begin()) {
      int first = children.freePort();

      assertThat(children.freePort()).isNotEqualTo(first);
    }
  }
}
