package io.madang.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DeadlineWheelTest {
  private static final long START = 12_345;
  private final DeadlineWheel wheel = new DeadlineWheel(START);
  private final List<Long> met = new ArrayList<>();
  private long now = START;

  private void passTo(long until) {
    while (now < until) {
      now = Math.min(until, now + DeadlineWheel.TICK_MS);
      wheel.advance(now);
    }
  }

  private void meetAt(long due) {
    wheel.at(due, () -> met.add(now));
  }

  @Test
  void a_deadline_is_met_once_and_at_most_a_tick_late_however_far_it_is() {
    Random random = new Random(7);
    for (int i = 0; i < 500; i++) {
      long due = START + random.nextInt(600_000);
      int before = i;
      wheel.at(due, () -> {
        assertThat(now).as("deadline %d", before).isBetween(due, due + 2 * DeadlineWheel.TICK_MS);
        met.add(due);
      });
    }
    passTo(START + 601_000);

    assertThat(met).hasSize(500);
  }

  @Test
  void one_in_the_past_is_met_at_the_next_tick() {
    meetAt(START - 10_000);
    passTo(START + DeadlineWheel.TICK_MS * 2);

    assertThat(met).hasSize(1);
  }

  @Test
  void one_that_was_cancelled_is_not_met() {
    wheel.at(START + 1_000, () -> met.add(now)).cancel();
    passTo(START + 5_000);

    assertThat(met).isEmpty();
  }

  @Test
  void one_that_another_of_its_tick_cancels_is_not_met() {
    List<DeadlineWheel.Deadline> others = new ArrayList<>();
    wheel.at(START + 1_000, () -> others.forEach(DeadlineWheel.Deadline::cancel));
    for (int i = 0; i < 3; i++) {
      others.add(wheel.at(START + 1_000, () -> met.add(now)));
    }
    meetAt(START + 1_000);
    passTo(START + 5_000);

    assertThat(met).hasSize(1);
  }

  @Test
  void one_that_was_cancelled_is_kept_nowhere() {
    WeakReference<DeadlineWheel.Deadline> cancelled = cancelled();
    long giveUp = System.nanoTime() + 10_000_000_000L;
    while (cancelled.get() != null && System.nanoTime() < giveUp) {
      System.gc();
    }

    assertThat(cancelled.get()).isNull();
    meetAt(START + 1_000);
    passTo(START + 5_000);
    assertThat(met).hasSize(1);
  }

  private WeakReference<DeadlineWheel.Deadline> cancelled() {
    DeadlineWheel.Deadline deadline = wheel.at(START + 100_000, () -> met.add(now));
    deadline.cancel();
    return new WeakReference<>(deadline);
  }

  @Test
  void one_may_set_the_next() {
    wheel.at(START + 1_000, () -> meetAt(now + 1_000));
    passTo(START + 5_000);

    assertThat(met)
        .singleElement()
        .satisfies(at -> assertThat(at).isGreaterThanOrEqualTo(START + 2_000));
  }

  @Test
  void a_loop_that_stood_still_meets_all_that_is_due_at_once() {
    meetAt(START + 1_000);
    meetAt(START + 100_000);
    meetAt(START + 10_000_000);
    now = START + 500_000;
    wheel.advance(now);

    assertThat(met).hasSize(2);
  }
}
