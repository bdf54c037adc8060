package io.madang.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.madang.runtime.config.ConfigException;
import io.madang.runtime.config.Secret;
import io.madang.runtime.config.Setting;
import io.madang.runtime.config.Settings;
import io.madang.runtime.config.StoreSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DashboardConfigTest {
  @Test
  void has_the_defaults_that_are_written_down() {
    assertThat(DashboardConfig.defaults())
        .isEqualTo(new DashboardConfig(new Secret(""), "*", "admin", 1_000));
  }

  @Test
  void reads_every_key() {
    Settings settings = new Settings(Map.of(
        "MADANG_REDIS_URL", "redis://h:1/2",
        "MADANG_DASHBOARD_ROLE", "operator",
        "MADANG_DASHBOARD_LOG_ROLE", "*",
        "MADANG_DASHBOARD_LOG_LINES", "7"));

    DashboardConfig config = DashboardConfig.from(settings);

    settings.finish(known());
    assertThat(config)
        .isEqualTo(new DashboardConfig(new Secret("redis://h:1/2"), "operator", "*", 7));
  }

  @Test
  void tells_every_problem_at_once() {
    Settings settings = new Settings(Map.of("MADANG_DASHBOARD_LOG_LINES", "many"));

    DashboardConfig.from(settings);

    assertThatThrownBy(() -> settings.finish(known()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("MADANG_REDIS_URL must be set")
        .hasMessageContaining("MADANG_DASHBOARD_LOG_LINES must be a whole number");
  }

  private static List<Setting<?>> known() {
    List<Setting<?>> known = new ArrayList<>(DashboardConfig.SETTINGS);
    known.addAll(StoreSettings.SETTINGS);
    return known;
  }
}
