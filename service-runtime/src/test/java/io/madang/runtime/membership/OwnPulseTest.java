package io.madang.runtime.membership;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OwnPulseTest {
  private final OwnPulse pulse = new OwnPulse();

  @Test
  void begins_whenever_it_is_asked_first() {
    assertThat(pulse.stoodStill(1_000_000)).isFalse();
  }

  @Test
  void goes_on_as_long_as_the_others_wait() {
    pulse.stoodStill(0);
    assertThat(pulse.stoodStill(100)).isFalse();
    assertThat(pulse.stoodStill(2_100)).isFalse();
  }

  @Test
  void stood_still_once_for_each_time_that_was_longer() {
    pulse.stoodStill(0);
    assertThat(pulse.stoodStill(2_001)).isTrue();
    assertThat(pulse.stoodStill(2_001)).isFalse();
    assertThat(pulse.stoodStill(20_000)).isTrue();
  }
}
