package io.madang.presence.roster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PaceTest {
  private static long taken(Pace pace, long nowMs) {
    return IntStream.range(0, 100).filter(i -> pace.takes(nowMs)).count();
  }

  @Test
  void lets_five_seconds_worth_happen_at_once_and_then_so_many_a_second() {
    Pace pace = new Pace(2, 0);

    assertThat(taken(pace, 0)).isEqualTo(10);
    assertThat(taken(pace, 499)).isZero();
    assertThat(taken(pace, 500)).isEqualTo(1);
    assertThat(taken(pace, 2_500)).isEqualTo(4);
  }

  @Test
  void saves_no_more_than_that_however_long_the_pause() {
    Pace pace = new Pace(2, 0);
    taken(pace, 0);

    assertThat(taken(pace, 3_600_000)).isEqualTo(10);
  }

  @Test
  void of_nothing_lets_nothing_happen() {
    assertThat(taken(new Pace(0, 0), 10_000)).isZero();
  }
}
