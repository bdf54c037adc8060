package io.madang.distribution.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class StopSignalsTest {
  private final StopSignals signals = StopSignals.none();
  private final AtomicInteger first = new AtomicInteger();
  private final AtomicInteger further = new AtomicInteger();

  @Test
  void call_the_first_action_once_and_the_other_each_further_time() throws Exception {
    signals.onFirst(first::incrementAndGet);
    signals.onFurther(further::incrementAndGet);
    assertThat(signals.await(Duration.ZERO)).isFalse();

    signals.ask();
    signals.ask();
    signals.ask();

    assertThat(signals.await(Duration.ZERO)).isTrue();
    assertThat(first).hasValue(1);
    assertThat(further).hasValue(2);
  }

  @Test
  void tell_at_once_who_comes_late() {
    signals.ask();
    signals.onFirst(first::incrementAndGet);
    assertThat(first).hasValue(1);
  }
}
