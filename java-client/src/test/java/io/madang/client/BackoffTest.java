package io.madang.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BackoffTest {
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration LAST = Duration.ofMillis(350);

  /** Always the longest wait there can be. */
  private static final RandomGenerator LONGEST = new RandomGenerator() {
    @Override
    public long nextLong() {
      throw new UnsupportedOperationException();
    }

    @Override
    public long nextLong(long bound) {
      return bound - 1;
    }
  };

  @Test
  void bounds_double_up_to_the_last() {
    Backoff backoff = new Backoff(FIRST, LAST, LONGEST);

    assertThat(Stream.generate(backoff::next).limit(5).map(Duration::toMillis))
        .containsExactly(100L, 200L, 350L, 350L, 350L);
  }

  @Test
  void begins_anew_after_a_connection_that_lasted() {
    Backoff backoff = new Backoff(FIRST, LAST, LONGEST);
    backoff.next();
    backoff.next();

    backoff.reset();

    assertThat(backoff.next()).isEqualTo(FIRST);
  }

  @Test
  void waits_differ_between_clients() {
    Backoff backoff = new Backoff(LAST, LAST, new SplittableRandom(7));

    assertThat(Stream.generate(backoff::next).limit(100).distinct()).hasSizeGreaterThan(30);
  }
}
