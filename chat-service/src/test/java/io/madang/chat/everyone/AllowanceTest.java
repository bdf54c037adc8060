package io.madang.chat.everyone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AllowanceTest {
  private final Allowance allowance = new Allowance(2, 1_000);

  @Test
  void lets_a_user_do_it_so_often_in_a_window_and_again_in_the_next() {
    assertThat(allowance.takes("ann", 500)).isTrue();
    assertThat(allowance.takes("ann", 1_499)).isTrue();
    assertThat(allowance.takes("ann", 1_499)).isFalse();
    assertThat(allowance.waitMs("ann", 1_499)).isEqualTo(1);

    assertThat(allowance.takes("ann", 1_500)).isTrue();
  }

  @Test
  void counts_each_user_alone() {
    assertThat(allowance.takes("ann", 0)).isTrue();
    assertThat(allowance.takes("ann", 0)).isTrue();

    assertThat(allowance.takes("bob", 0)).isTrue();
    assertThat(allowance.takes("ann", 0)).isFalse();
    assertThat(allowance.waitMs("cid", 0)).isZero();
  }

  @Test
  void forgets_who_was_silent_longest_when_there_are_too_many() {
    allowance.takes("ann", 0);
    allowance.takes("ann", 0);

    IntStream.range(0, Allowance.MAX_USERS).forEach(i -> allowance.takes("user" + i, 0));

    assertThat(allowance.takes("ann", 0)).isTrue();
  }
}
