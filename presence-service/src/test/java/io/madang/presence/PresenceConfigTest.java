package io.madang.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
class PresenceConfigTest {
  private static final String URL = "redis://:secret@127.0.0.1:6379/3";

  private static PresenceConfig read(Map<String, String> environment) {
    Settings settings = new Settings(environment);
    PresenceConfig config = PresenceConfig.from(settings);
    List<Setting<?>> known = new ArrayList<>(PresenceConfig.SETTINGS);
    known.addAll(StoreSettings.SETTINGS);
    settings.finish(known);
    return config;
  }

  @Test
  void defaults_are_as_written() {
    assertThat(PresenceConfig.defaults())
        .isEqualTo(new PresenceConfig(
            new Secret(""),
            Duration.ofSeconds(4),
            Duration.ofSeconds(3),
            Duration.ofSeconds(1),
            Duration.ofMillis(250),
            1_000,
            10));
  }

  @Test
  void every_key_is_read() {
    PresenceConfig config = read(Map.of(
        "MADANG_REDIS_URL", URL,
        "MADANG_PRESENCE_LEASE_MS", "5001",
        "MADANG_PRESENCE_GRACE_MS", "2001",
        "MADANG_PRESENCE_SWEEP_MS", "501",
        "MADANG_PRESENCE_ONLINE_MS", "101",
        "MADANG_PRESENCE_WINDOW", "77",
        "MADANG_PRESENCE_CONNECTIONS_TOLD", "7"));

    assertThat(config)
        .isEqualTo(new PresenceConfig(
            new Secret(URL),
            Duration.ofMillis(5_001),
            Duration.ofMillis(2_001),
            Duration.ofMillis(501),
            Duration.ofMillis(101),
            77,
            7));
    assertThat(config.toString()).doesNotContain("secret");
  }

  @Test
  void all_problems_are_told_at_once() {
    assertThatThrownBy(() -> read(Map.of(
            "MADANG_REDIS_URL", "http://:secret@nowhere",
            "MADANG_PRESENCE_LEASE_MS", "3000",
            "MADANG_PRESENCE_SWEEP_MS", "3000",
            "MADANG_PRESENCE_WINDOW", "0")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("MADANG_REDIS_URL must look like redis://")
        .hasMessageContaining("MADANG_PRESENCE_SWEEP_MS must be below MADANG_PRESENCE_LEASE_MS")
        .hasMessageContaining("MADANG_PRESENCE_WINDOW must be from 1 to 100000")
        .hasMessageNotContaining("secret");
  }

  @Test
  void redis_must_be_named() {
    assertThatThrownBy(() -> read(Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("MADANG_REDIS_URL must be set");
  }
}
