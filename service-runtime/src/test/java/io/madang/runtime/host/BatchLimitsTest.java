package io.madang.runtime.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.runtime.config.Setting;
import io.madang.runtime.config.Settings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BatchLimitsTest {
  private static final Map<String, String> OTHER_VALUES = Map.of(
      "MADANG_BATCHES_IN_FLIGHT", "17",
      "MADANG_BATCH_BYTES_IN_FLIGHT", "2000000",
      "MADANG_BATCH_TOPICS_LEFT_OUT", "101",
      "MADANG_BATCH_RESEND_MS", "21",
      "MADANG_BATCH_RECENT_BYTES", "3000000");

  @Test
  void have_the_defaults_that_are_written_down() {
    assertThat(BatchLimits.defaults())
        .isEqualTo(
            new BatchLimits(1_024, 16 * 1_048_576, 10_000, Duration.ofMillis(200), 8 * 1_048_576));
  }

  @Test
  void read_every_setting() {
    Settings settings = new Settings(OTHER_VALUES);
    assertThat(BatchLimits.from(settings))
        .isEqualTo(new BatchLimits(17, 2_000_000, 101, Duration.ofMillis(21), 3_000_000));
    settings.finish(BatchLimits.SETTINGS);
    assertThat(BatchLimits.SETTINGS)
        .extracting(Setting::key)
        .containsExactlyInAnyOrderElementsOf(OTHER_VALUES.keySet());
  }
}
