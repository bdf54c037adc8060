package io.madang.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TokenBucketTest {
  private final TokenBucket bucket = new TokenBucket(10, 3, 0);

  private void empty(long nowMs) {
    while (bucket.take(nowMs) == 0) {
      // taken
    }
  }

  @Test
  void a_new_one_lets_a_burst_through_and_then_says_how_long_to_wait() {
    assertThat(bucket.take(0)).isZero();
    assertThat(bucket.take(0)).isZero();
    assertThat(bucket.take(0)).isZero();
    assertThat(bucket.take(0)).isEqualTo(100);
    assertThat(bucket.take(40)).isEqualTo(60);
  }

  @Test
  void lets_one_through_when_the_wait_is_over() {
    empty(0);

    assertThat(bucket.take(99)).isEqualTo(1);
    assertThat(bucket.take(100)).isZero();
    assertThat(bucket.take(100)).isEqualTo(100);
  }

  @Test
  void keeps_to_its_rate_however_often_it_is_asked() {
    int taken = 0;
    for (long now = 0; now < 10_000; now++) {
      taken += bucket.take(now) == 0 ? 1 : 0;
    }

    assertThat(taken).isEqualTo(3 + 99);
  }

  @Test
  void never_holds_more_than_its_burst_after_however_long_a_pause() {
    empty(0);

    assertThat(bucket.isFull(Long.MAX_VALUE / 2)).isTrue();
    assertThat(bucket.take(Long.MAX_VALUE / 2)).isZero();
    assertThat(bucket.take(Long.MAX_VALUE / 2)).isZero();
    assertThat(bucket.take(Long.MAX_VALUE / 2)).isZero();
    assertThat(bucket.take(Long.MAX_VALUE / 2)).isPositive();
  }

  @Test
  void forgives_a_clock_that_stands_still() {
    empty(1_000);

    assertThat(bucket.take(1_000)).isEqualTo(100);
  }

  @Test
  void several_are_taken_together_or_not_at_all_and_never_more_than_there_can_be() {
    TokenBucket bucket = new TokenBucket(10, 5, 0);
    assertThat(bucket.take(3, 0)).isZero();
    assertThat(bucket.take(3, 0)).isEqualTo(100);
    assertThat(bucket.take(2, 0)).isZero();
    assertThat(bucket.take(50, 0)).isEqualTo(500);
    assertThat(bucket.take(50, 500)).isZero();
  }
}
