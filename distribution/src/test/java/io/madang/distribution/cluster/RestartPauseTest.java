package io.madang.distribution.cluster;

import static io.madang.distribution.cluster.RestartPause.FIRST;
import static io.madang.distribution.cluster.RestartPause.LONGEST;
import static io.madang.distribution.cluster.RestartPause.STEADY;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RestartPauseTest {
  private static final Duration SHORT = Duration.ofSeconds(1);

  private final RestartPause pause = new RestartPause();

  @Test
  void doubles_with_each_short_life_up_to_its_longest() {
    assertThat(Stream.generate(() -> pause.after(SHORT)).limit(7))
        .startsWith(FIRST, FIRST.multipliedBy(2), FIRST.multipliedBy(4))
        .endsWith(LONGEST, LONGEST);
  }

  @Test
  void begins_anew_after_a_steady_life() {
    pause.after(SHORT);
    pause.after(SHORT);
    assertThat(pause.after(STEADY)).isEqualTo(FIRST);
  }
}
