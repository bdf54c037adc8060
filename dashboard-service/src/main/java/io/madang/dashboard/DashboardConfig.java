package io.madang.dashboard;

import io.madang.dashboard.alert.AlertRule;
import io.madang.runtime.config.Secret;
import io.madang.runtime.config.Setting;
import io.madang.runtime.config.Settings;
import io.madang.runtime.config.StoreSettings;
import java.time.Duration;
import java.util.Arrays;
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
 * @param alerts limits of metrics, of whose breaking and mending the readers of the dashboard are told, each {@code
 *     <metric>><number>} or {@code <metric><<number>}; {@code MADANG_DASHBOARD_ALERTS}, default none
 * @param operationsEvery how often operators are told how busy the mesh is, in whole seconds; {@code
 *     MADANG_DASHBOARD_OPERATIONS_MS}, default 30 s
 */
public record DashboardConfig(
    Secret redis,
    String role,
    String logRole,
    int logLines,
    List<AlertRule> alerts,
    Duration operationsEvery) {
  /** The role that everyone who is signed in has. */
  public static final String EVERYONE = "*";

  static final Setting<String> ROLE = Setting.text(
      "MADANG_DASHBOARD_ROLE",
      EVERYONE,
      "Role that a person needs to see metrics; * is everyone who is signed in");

  static final Setting<String> LOG_ROLE = Setting.text(
      "MADANG_DASHBOARD_LOG_ROLE",
      "admin",
      "Role that a person needs to read the log of a dashboard node; * is everyone who is signed in");

  static final Setting<Integer> LOG_LINES = Setting.whole(
      "MADANG_DASHBOARD_LOG_LINES",
      1_000,
      1,
      100_000,
      "lines",
      "Newest lines of its log that a dashboard node keeps in memory for readers");

  static final Setting<List<AlertRule>> ALERTS = Setting.of(
      "MADANG_DASHBOARD_ALERTS",
      List.of(),
      "comma-separated list",
      "Limits of metrics, as errorRate>0.05, of whose breaking and mending dashboards are told",
      DashboardConfig::rules);

  static final Setting<Duration> OPERATIONS = Setting.of(
      "MADANG_DASHBOARD_OPERATIONS_MS",
      Duration.ofSeconds(30),
      "ms",
      "How often operators are told how busy the mesh is, in whole seconds",
      DashboardConfig::wholeSeconds);

  /** What this service reads, beside the addresses of the stores. */
  public static final List<Setting<?>> SETTINGS =
      List.of(ROLE, LOG_ROLE, LOG_LINES, ALERTS, OPERATIONS);

  private static final long MAX_OPERATIONS_MS = 3_600_000;

  public DashboardConfig {
    alerts = List.copyOf(alerts);
  }

  private static List<AlertRule> rules(String text) {
    return Arrays.stream(text.split(","))
        .filter(rule -> !rule.isBlank())
        .map(AlertRule::parse)
        .toList();
  }

  private static Duration wholeSeconds(String text) {
    Duration every;
    try {
      every = Duration.ofMillis(Long.parseLong(text.strip()));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("must be a whole number", e);
    }
    if (every.toMillis() < 1_000
        || every.toMillis() > MAX_OPERATIONS_MS
        || every.toMillisPart() != 0) {
      throw new IllegalArgumentException("must be whole seconds from 1000 to " + MAX_OPERATIONS_MS);
    }
    return every;
  }

  /** Everything by default; where Redis is has none. */
  public static DashboardConfig defaults() {
    return new DashboardConfig(
        StoreSettings.REDIS_URL.defaultValue(),
        ROLE.defaultValue(),
        LOG_ROLE.defaultValue(),
        LOG_LINES.defaultValue(),
        ALERTS.defaultValue(),
        OPERATIONS.defaultValue());
  }

  public static DashboardConfig from(Settings settings) {
    return new DashboardConfig(
        StoreSettings.requireRedis(settings),
        settings.read(ROLE),
        settings.read(LOG_ROLE),
        settings.read(LOG_LINES),
        settings.read(ALERTS),
        settings.read(OPERATIONS));
  }

  public DashboardConfig withRedis(Secret url) {
    return new DashboardConfig(url, role, logRole, logLines, alerts, operationsEvery);
  }

  public DashboardConfig withRole(String needed) {
    return new DashboardConfig(redis, needed, logRole, logLines, alerts, operationsEvery);
  }

  public DashboardConfig withAlerts(List<AlertRule> rules) {
    return new DashboardConfig(redis, role, logRole, logLines, rules, operationsEvery);
  }

  public DashboardConfig withOperationsEvery(Duration every) {
    return new DashboardConfig(redis, role, logRole, logLines, alerts, every);
  }
}
