package io.madang.runtime.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BackoffTest {
  private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(3));

  @Test
  void doubles_and_leaves_the_upper_half_to_chance() {
    for (int round = 0; round < 1_000; round++) {
      assertThat(backoff.pauseMs(1)).isBetween(50L, 100L);
      assertThat(backoff.pauseMs(3)).isBetween(200L, 400L);
    }
  }

  @Test
  void never_exceeds_its_limit_however_often_it_failed() {
    assertThat(IntStream.of(6, 30, 31, 63, 64, 1_000_000, Integer.MAX_VALUE)
            .mapToLong(backoff::pauseMs))
        .allMatch(pause -> pause >= 1_500 && pause <= 3_000);
  }

  @Test
  void of_many_nodes_differs() {
    assertThat(IntStream.range(0, 100)
            .mapToLong(node -> backoff.pauseMs(6))
            .distinct()
            .count())
        .isGreaterThan(50);
  }

  @Test
  void that_makes_no_sense_is_refused() {
    assertThatThrownBy(() -> new Backoff(Duration.ZERO, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
