package io.madang.dashboard;

import io.madang.runtime.config.Secret;
import io.madang.runtime.config.Setting;
import io.madang.runtime.config.Settings;
import io.madang.runtime.config.StoreSettings;
import java.util.List;

/**
 * Everything an operator can change about dashboard-service.
 *
 * @param redis where the last ten minutes are kept; {@code MADANG_REDIS_URL}, no default
 * @param role that a person needs to hear metrics and the dashboard, {@code *} for everyone who is signed in; {@code
 *     MADANG_DASHBOARD_ROLE}, default {@code *}
 * @param logRole that a person needs to read this process's log, {@code *} as above; {@code MADANG_DASHBOARD_LOG_ROLE}, default
 *     {@code admin}
 * @param logLines newest lines of the log that a reader starts with, kept in memory; {@code MADANG_DASHBOARD_LOG_LINES}, default
 *     1000
 */
public record DashboardConfig(Secret redis, String role, String logRole, int logLines) {
  /** The role that everyone who is signed in has. */
  public static final String EVERYONE = "*";

  static final Setting<String> ROLE =
      Setting.text(
          "MADANG_DASHBOARD_ROLE", EVERYONE, "Role that a person needs to see metrics; * is everyone who is signed in");

  static final Setting<String> LOG_ROLE =
      Setting.text(
          "MADANG_DASHBOARD_LOG_ROLE",
          "admin",
          "Role that a person needs to read the log of a dashboard node; * is everyone who is signed in");

  static final Setting<Integer> LOG_LINES =
      Setting.whole(
          "MADANG_DASHBOARD_LOG_LINES",
          1_000,
          1,
          100_000,
          "lines",
          "Newest lines of its log that a dashboard node keeps in memory for readers");

  /** What this service reads, beside the addresses of the stores. */
  public static final List<Setting<?>> SETTINGS = List.of(ROLE, LOG_ROLE, LOG_LINES);

  /** Everything by default; where Redis is has none. */
  public static DashboardConfig defaults() {
    return new DashboardConfig(
        StoreSettings.REDIS_URL.defaultValue(),
        ROLE.defaultValue(),
        LOG_ROLE.defaultValue(),
        LOG_LINES.defaultValue());
  }

  public static DashboardConfig from(Settings settings) {
    return new DashboardConfig(
        StoreSettings.requireRedis(settings),
        settings.read(ROLE),
        settings.read(LOG_ROLE),
        settings.read(LOG_LINES));
  }

  public DashboardConfig withRedis(Secret url) {
    return new DashboardConfig(url, role, logRole, logLines);
  }

  public DashboardConfig withRole(String needed) {
    return new DashboardConfig(redis, needed, logRole, logLines);
  }
}
