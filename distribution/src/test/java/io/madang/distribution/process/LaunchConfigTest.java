package io.madang.distribution.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.madang.distribution.process.LaunchConfig.LogFormat;
import io.madang.runtime.config.ConfigException;
import io.madang.runtime.config.Setting;
import io.madang.runtime.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LaunchConfigTest {
  private static final Map<String, String> ALL = Map.of(
      "MADANG_DATA_DIR", "/srv/madang",
      "MADANG_START_MS", "5000",
      "MADANG_CLUSTER_RESTART", "off",
      "MADANG_LOG_FORMAT", "json",
      "MADANG_LOG_LEVEL", "debug",
      "MADANG_JAVA_OPTS", "-Xmx2g");

  @Test
  void has_these_defaults() {
    assertThat(LaunchConfig.defaults())
        .isEqualTo(new LaunchConfig(
            Path.of("data").toAbsolutePath(), Duration.ofMinutes(2), true, LogFormat.TEXT));
  }

  @Test
  void reads_every_setting() {
    Settings settings = new Settings(ALL);
    assertThat(LaunchConfig.from(settings))
        .isEqualTo(
            new LaunchConfig(Path.of("/srv/madang"), Duration.ofSeconds(5), false, LogFormat.JSON));
    settings.finish(LaunchConfig.SETTINGS);
    assertThat(LaunchConfig.SETTINGS)
        .extracting(Setting::key)
        .containsOnlyOnceElementsOf(ALL.keySet());
  }

  @Test
  void refuses_a_level_and_a_form_the_log_does_not_know() {
    Settings settings =
        new Settings(Map.of("MADANG_LOG_LEVEL", "loud", "MADANG_LOG_FORMAT", "xml"));
    LaunchConfig.from(settings);
    assertThatThrownBy(() -> settings.finish(LaunchConfig.SETTINGS))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll("MADANG_LOG_LEVEL", "MADANG_LOG_FORMAT");
  }
}
