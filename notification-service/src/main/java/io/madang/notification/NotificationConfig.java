package io.madang.notification;

import io.madang.runtime.config.Secret;
import io.madang.runtime.config.Setting;
import io.madang.runtime.config.Settings;
import io.madang.runtime.config.StoreSettings;
import java.util.List;

/**
 * Everything an operator can change about notification-service.
 *
 * @param postgres where the notifications are kept; {@code MADANG_POSTGRES_URL}, no default
 * @param connections to PostgreSQL per node, which is how many commands and reads are under way at once; {@code
 *     MADANG_NOTIFICATION_CONNECTIONS}, default 8
 * @param snapshot newest notifications that a subscriber starts with; {@code MADANG_NOTIFICATION_SNAPSHOT}, default 50
 */
public record NotificationConfig(Secret postgres, int connections, int snapshot) {
  static final Setting<Integer> CONNECTIONS =
      Setting.whole(
          "MADANG_NOTIFICATION_CONNECTIONS",
          8,
          1,
          64,
          "connections",
          "Connections to PostgreSQL that one notification-service holds");

  static final Setting<Integer> SNAPSHOT =
      Setting.whole(
          "MADANG_NOTIFICATION_SNAPSHOT",
          50,
          1,
          200,
          "notifications",
          "How many of the newest notifications a subscriber starts with");

  /** What this service reads, beside the addresses of the stores. */
  public static final List<Setting<?>> SETTINGS = List.of(CONNECTIONS, SNAPSHOT);

  /** Everything by default; where PostgreSQL is has none. */
  public static NotificationConfig defaults() {
    return new NotificationConfig(
        StoreSettings.POSTGRES_URL.defaultValue(), CONNECTIONS.defaultValue(), SNAPSHOT.defaultValue());
  }

  public static NotificationConfig from(Settings settings) {
    return new NotificationConfig(
        StoreSettings.requirePostgres(settings), settings.read(CONNECTIONS), settings.read(SNAPSHOT));
  }

  public NotificationConfig withPostgres(Secret url) {
    return new NotificationConfig(url, connections, snapshot);
  }
}
