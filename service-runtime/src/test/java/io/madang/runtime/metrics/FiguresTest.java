package io.madang.runtime.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FiguresTest {
  private final MeterRegistry metrics = new SimpleMeterRegistry();

  private void count(int times, String meter, String... tags) {
    metrics.counter(meter, tags).increment(times);
  }

  @Test
  void are_summed_over_services_and_told_apart_by_outcome() {
    count(3, MeterNames.BATCHES, MeterNames.SERVICE, "chat", MeterNames.OUTCOME, MeterNames.SENT);
    count(4, MeterNames.BATCHES, MeterNames.SERVICE, "echo", MeterNames.OUTCOME, MeterNames.SENT);
    count(2, MeterNames.BATCHES, MeterNames.SERVICE, "chat", MeterNames.OUTCOME, MeterNames.RESENT);
    assertThat(Figures.of(metrics))
        .containsEntry("batchesSent", 7L)
        .containsEntry("batchesResent", 2L)
        .doesNotContainKey("batchesGivenUp");
  }

  @Test
  void of_catch_ups_are_all_and_those_that_asked_nobody() {
    count(1, MeterNames.CATCH_UPS, MeterNames.OUTCOME, MeterNames.FROM_RECENT);
    count(2, MeterNames.CATCH_UPS, MeterNames.OUTCOME, MeterNames.FROM_ANOTHER);
    count(4, MeterNames.CATCH_UPS, MeterNames.OUTCOME, MeterNames.FROM_OWNER);
    assertThat(Figures.of(metrics))
        .containsEntry("catchUps", 7L)
        .containsEntry("catchUpsMerged", 2L)
        .containsEntry("catchUpsFromRecent", 1L);
  }

  @Test
  void of_holes_are_all_and_those_that_asked_no_owner() {
    count(1, MeterNames.HOLES, MeterNames.OUTCOME, MeterNames.FROM_SENDER);
    count(4, MeterNames.HOLES, MeterNames.OUTCOME, MeterNames.FROM_HISTORY);
    assertThat(Figures.of(metrics))
        .containsEntry("holesRepaired", 5L)
        .containsEntry("holesRepairedBySender", 1L);
  }

  @Test
  void that_are_not_counted_here_are_not_told() {
    metrics.gauge(MeterNames.HOLES, 3);
    assertThat(Figures.of(metrics)).isEmpty();
  }
}
