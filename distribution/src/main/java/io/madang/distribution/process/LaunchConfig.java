package io.madang.distribution.process;

import io.madang.runtime.config.Setting;
import io.madang.runtime.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Everything an operator can change about how a process is started, whatever its roles.
 *
 * @param dataDirectory where the embedded stores keep their data; {@code MADANG_DATA_DIR}, default {@code data} in the working
 *     directory ({@code ./madang}: beside the script)
 * @param startWithin how long a start may take, waiting for stores included; {@code MADANG_START_MS}, default 120 s
 * @param restartsChildren whether {@code cluster} starts a process again that ended by itself; {@code MADANG_CLUSTER_RESTART},
 *     default true
 * @param logFormat how the log is written; {@code MADANG_LOG_FORMAT}, default {@code text}
 */
public record LaunchConfig(
    Path dataDirectory, Duration startWithin, boolean restartsChildren, LogFormat logFormat) {

  /** How the log is written. */
  public enum LogFormat {
    /** A line for people, on standard error. */
    TEXT,
    /** A JSON object a line for collectors, on standard output. */
    JSON
  }

  private static final Setting<String> DATA_DIR = Setting.text(
      "MADANG_DATA_DIR",
      "data",
      "Directory of the embedded PostgreSQL and Redis; unused where both addresses are set");
  private static final Setting<Duration> START_WITHIN = Setting.millis(
      "MADANG_START_MS",
      Duration.ofMinutes(2),
      Duration.ofSeconds(1),
      Duration.ofMinutes(30),
      "How long a start may take, waiting for the stores included, before the process gives up");
  private static final Setting<Boolean> RESTART = Setting.flag(
      "MADANG_CLUSTER_RESTART",
      true,
      "Whether the cluster command starts a process again that ended by itself");
  private static final Setting<LogFormat> LOG_FORMAT = Setting.of(
      "MADANG_LOG_FORMAT",
      LogFormat.TEXT,
      "text or json",
      "How the log is written: text for people on standard error, or JSON lines for collectors on standard output",
      LaunchConfig::readFormat);

  /** Read by the log itself, before any of our code runs; here it is only checked. */
  private static final Setting<String> LOG_LEVEL = Setting.of(
      "MADANG_LOG_LEVEL",
      "INFO",
      "error, warn, info, debug or trace",
      "How much Madang logs",
      LaunchConfig::readLevel);

  /** Read by the launcher script. */
  private static final Setting<String> JAVA_OPTS = Setting.text(
      "MADANG_JAVA_OPTS",
      "",
      "Further options of the JVM, separated by blanks; they come last, so -Xmx replaces the role's");

  public static final List<Setting<?>> SETTINGS =
      List.of(DATA_DIR, START_WITHIN, RESTART, LOG_FORMAT, LOG_LEVEL, JAVA_OPTS);

  public static LaunchConfig defaults() {
    return from(new Settings(Map.of()));
  }

  /** Reads the settings; problems are kept there. */
  public static LaunchConfig from(Settings settings) {
    settings.read(LOG_LEVEL);
    settings.read(JAVA_OPTS);
    return new LaunchConfig(
        Path.of(settings.read(DATA_DIR)).toAbsolutePath().normalize(),
        settings.read(START_WITHIN),
        settings.read(RESTART),
        settings.read(LOG_FORMAT));
  }

  private static LogFormat readFormat(String text) {
    // As written in the name of the file that the log's own configuration includes.
    return switch (text) {
      case "text" -> LogFormat.TEXT;
      case "json" -> LogFormat.JSON;
      default -> throw new IllegalArgumentException("must be text or json");
    };
  }

  private static String readLevel(String text) {
    String level = text.toUpperCase(Locale.ROOT);
    if (!List.of("ERROR", "WARN", "INFO", "DEBUG", "TRACE").contains(level)) {
      throw new IllegalArgumentException("must be error, warn, info, debug or trace");
    }
    return level;
  }
}
