package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the built distribution to a page that answers, on a machine where it never ran before. */
@Tag("cluster")
@DisplayNameGeneration(ReplaceUnderscores.class)
class StartsWithinTwelveSecondsTest {
  private static final Duration LIMIT = Duration.ofSeconds(12);

  @TempDir
  private Path temp;

  @Test
  void the_first_time_with_nothing_unpacked_and_no_data() {
    long began = System.nanoTime();
    // Another home: there the programs of the stores are not unpacked yet.
    try (Launched launched = Launched.start(
        "all",
        temp.resolve("data"),
        Map.of("MADANG_JAVA_OPTS", "-Duser.home=" + temp.resolve("home")))) {
      launched.process().awaitLine(Launched.READY, LIMIT.multipliedBy(3));
      assertThat(launched.guest("mina")).isNotEmpty();
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      System.out.printf("From nothing to the first guest: %.1f s%n", took.toMillis() / 1_000.0);
      assertThat(took).isLessThan(LIMIT);
    }
  }
}
