package io.madang.notification;

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
class NotificationConfigTest {
  @Test
  void has_the_defaults_that_are_written_down() {
    assertThat(NotificationConfig.defaults()).isEqualTo(new NotificationConfig(new Secret(""), 8, 50));
  }

  @Test
  void reads_every_key() {
    Settings settings =
        new Settings(
            Map.of(
                "MADANG_POSTGRES_URL", "postgresql://u:p@h/d",
                "MADANG_NOTIFICATION_CONNECTIONS", "3",
                "MADANG_NOTIFICATION_SNAPSHOT", "7"));

    NotificationConfig config = NotificationConfig.from(settings);

    settings.finish(known());
    assertThat(config).isEqualTo(new NotificationConfig(new Secret("postgresql://u:p@h/d"), 3, 7));
  }

  @Test
  void tells_every_problem_at_once() {
    Settings settings = new Settings(Map.of("MADANG_NOTIFICATION_CONNECTIONS", "0"));

    NotificationConfig.from(settings);

    assertThatThrownBy(() -> settings.finish(known()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("MADANG_POSTGRES_URL must be set")
        .hasMessageContaining("MADANG_NOTIFICATION_CONNECTIONS must be from 1 to 64");
  }

  private static List<Setting<?>> known() {
    List<Setting<?>> known = new ArrayList<>(NotificationConfig.SETTINGS);
    known.addAll(StoreSettings.SETTINGS);
    return known;
  }
}
