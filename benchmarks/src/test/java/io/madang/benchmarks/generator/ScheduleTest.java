package io.madang.benchmarks.generator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ScheduleTest {
  private static final long BEGIN = -5_000_000_000L;
  private static final long SECOND = 1_000_000_000L;

  @Test
  void spreads_messages_evenly() {
    Schedule schedule = new Schedule(BEGIN, 4, 100);

    assertThat(schedule.dueNanos(0)).isEqualTo(BEGIN);
    assertThat(schedule.dueNanos(1)).isEqualTo(BEGIN + SECOND / 4);
    assertThat(schedule.dueNanos(9)).isEqualTo(BEGIN + 2 * SECOND + SECOND / 4);
  }

  @Test
  void does_not_drift_with_intervals_that_are_no_whole_nanoseconds() {
    Schedule schedule = new Schedule(BEGIN, 3, Long.MAX_VALUE);

    assertThat(schedule.dueNanos(3_000_000_000L)).isEqualTo(BEGIN + 1_000_000_000L * SECOND);
  }

  @Test
  void gives_all_that_was_due_to_who_comes_late_each_with_its_own_time() {
    Schedule schedule = new Schedule(BEGIN, 10, 100);
    long late = BEGIN + SECOND / 2;

    int given = 0;
    while (schedule.isDue(late)) {
      assertThat(schedule.dueNanos(schedule.take())).isEqualTo(BEGIN + given * SECOND / 10);
      given++;
    }

    assertThat(given).isEqualTo(6);
    assertThat(schedule.nanosUntilDue(late)).isEqualTo(SECOND / 10);
  }

  @Test
  void ends() {
    Schedule schedule = new Schedule(BEGIN, 1, 2);
    schedule.take();
    schedule.take();

    assertThat(schedule.isOver()).isTrue();
    assertThat(schedule.isDue(Long.MAX_VALUE / 2)).isFalse();
  }
}
