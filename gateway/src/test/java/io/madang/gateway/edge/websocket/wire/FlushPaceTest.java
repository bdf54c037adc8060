package io.madang.gateway.edge.websocket.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FlushPaceTest {
  private final Queue<Runnable> tasks = new ArrayDeque<>();

  /** Near the end of what the clock counts, as it may begin anywhere. */
  private long nowNanos = Long.MAX_VALUE - 1_000;

  /** What the last flush had to wait for. */
  private Duration waited = Duration.ZERO;

  private final FlushPace pace = new FlushPace(
      new FlushPace.Loop() {
        @Override
        public void later(Runnable task) {
          waited = Duration.ZERO;
          tasks.add(task);
        }

        @Override
        public void after(long nanos, Runnable task) {
          waited = Duration.ofNanos(nanos);
          tasks.add(() -> {
            pass(waited);
            task.run();
          });
        }
      },
      () -> nowNanos);

  private void pass(Duration time) {
    nowNanos += time.toNanos();
  }

  private void flushThatTakes(Duration time) {
    pace.execute(() -> pass(time));
    while (!tasks.isEmpty()) {
      tasks.remove().run();
    }
  }

  @Test
  void a_flush_is_later_in_the_turn() {
    pace.execute(() -> {});
    assertThat(waited).isZero();
    assertThat(tasks).hasSize(1);
  }

  @Test
  void nothing_waits_for_a_short_flush() {
    flushThatTakes(FlushPace.SHORT);
    flushThatTakes(Duration.ZERO);
    assertThat(waited).isZero();
  }

  @Test
  void after_a_long_flush_as_much_time_passes_as_it_took() {
    flushThatTakes(Duration.ofMillis(4));
    flushThatTakes(Duration.ZERO);
    assertThat(waited).isEqualTo(Duration.ofMillis(4));
  }

  @Test
  void what_has_passed_already_counts() {
    flushThatTakes(Duration.ofMillis(4));
    pass(Duration.ofMillis(3));
    flushThatTakes(Duration.ZERO);
    assertThat(waited).isEqualTo(Duration.ofMillis(1));

    flushThatTakes(Duration.ofMillis(4));
    pass(Duration.ofMillis(4));
    flushThatTakes(Duration.ZERO);
    assertThat(waited).isZero();
  }

  @Test
  void nothing_waits_longer_than_it_may() {
    flushThatTakes(Duration.ofSeconds(1));
    flushThatTakes(Duration.ZERO);
    assertThat(waited).isEqualTo(FlushPace.LONGEST_WAIT);
  }
}
