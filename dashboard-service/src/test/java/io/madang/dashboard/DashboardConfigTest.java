package io.madang.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.madang.contracts.dashboard.MetricName;
import io.madang.dashboard.alert.AlertRule;
import io.madang.runtime.config.ConfigException;
import io.madang.runtime.config.Secret;
import io.madang.runtime.config.Setting;
import io.madang.runtime.config.Settings;
import io.madang.runtime.config.StoreSettings;
import java.time.Duration;
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
        .isEqualTo(new DashboardConfig(
            new Secret(""), "*", "admin", 1_000, List.of(), Duration.ofSeconds(30)));
  }

  @Test
  void reads_every_key() {
    Settings settings = new Settings(Map.of(
        "MADANG_REDIS_URL", "redis://h:1/2",
        "MADANG_DASHBOARD_ROLE", "operator",
        "MADANG_DASHBOARD_LOG_ROLE", "*",
        "MADANG_DASHBOARD_LOG_LINES", "7",
        "MADANG_DASHBOARD_ALERTS", "errorRate > 0.05, connections<1",
        "MADANG_DASHBOARD_OPERATIONS_MS", "2000"));

    DashboardConfig config = DashboardConfig.from(settings);

    settings.finish(known());
    assertThat(config)
        .isEqualTo(new DashboardConfig(
            new Secret("redis://h:1/2"),
            "operator",
            "*",
            7,
            List.of(
                new AlertRule("errorRate>0.05", MetricName.ERROR_RATE, true, 0.05),
                new AlertRule("connections<1", MetricName.CONNECTIONS, false, 1)),
            Duration.ofSeconds(2)));
  }

  @Test
  void tells_every_problem_at_once() {
    Settings settings = new Settings(Map.of(
        "MADANG_DASHBOARD_LOG_LINES", "many",
        "MADANG_DASHBOARD_ALERTS", "happiness<1",
        "MADANG_DASHBOARD_OPERATIONS_MS", "1500"));

    DashboardConfig.from(settings);

    assertThatThrownBy(() -> settings.finish(known()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("MADANG_REDIS_URL must be set")
        .hasMessageContaining("MADANG_DASHBOARD_LOG_LINES must be a whole number")
        .hasMessageContaining(
            "MADANG_DASHBOARD_ALERTS must be about metrics, which happiness is none of")
        .hasMessageContaining("MADANG_DASHBOARD_OPERATIONS_MS must be whole seconds");
  }

  private static List<Setting<?>> known() {
    List<Setting<?>> known = new ArrayList<>(DashboardConfig.SETTINGS);
    known.addAll(StoreSettings.SETTINGS);
    return known;
  }
}
