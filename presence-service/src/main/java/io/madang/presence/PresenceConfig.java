package io.madang.presence;

import io.madang.runtime.config.Secret;
import io.madang.runtime.config.Setting;
import io.madang.runtime.config.Settings;
import io.madang.runtime.config.StoreSettings;
import io.madang.runtime.redis.RedisUrl;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Everything an operator can change about presence-service.
 *
 * @param redis where presence is kept; {@code MADANG_REDIS_URL}, no default
 * @param lease how long a silent gateway's users still count as connected; {@code MADANG_PRESENCE_LEASE_MS}, default 4 s
 * @param grace how long a user who left still counts as present, so that a reload is not seen; {@code
 *     MADANG_PRESENCE_GRACE_MS}, default 3 s
 * @param sweepEvery how often leases and graces that ended are looked for; {@code MADANG_PRESENCE_SWEEP_MS}, default 1 s
 * @param onlineEvery how long changes of who is online are gathered; {@code MADANG_PRESENCE_ONLINE_MS}, default 250 ms
 * @param window how many publications of each topic a returning reader can be given, beyond which it gets a snapshot;
 *     {@code MADANG_PRESENCE_WINDOW}, default 1,000
 * @param connectionsTold how many connections a second that came, and as many that went, everyone is told of by this node, five
 *     times as many after a pause, beyond which nobody is; {@code MADANG_PRESENCE_CONNECTIONS_TOLD}, default 10
 */
public record PresenceConfig(
    Secret redis,
    Duration lease,
    Duration grace,
    Duration sweepEvery,
    Duration onlineEvery,
    int window,
    int connectionsTold) {
  private static final Setting<Duration> LEASE = Setting.millis(
      "MADANG_PRESENCE_LEASE_MS",
      Duration.ofSeconds(4),
      Duration.ofSeconds(2),
      Duration.ofMinutes(5),
      "How long a silent gateway's users still count as connected");
  private static final Setting<Duration> GRACE = Setting.millis(
      "MADANG_PRESENCE_GRACE_MS",
      Duration.ofSeconds(3),
      Duration.ZERO,
      Duration.ofMinutes(5),
      "How long a user who left still counts as present, so that a reload is not seen");
  private static final Setting<Duration> SWEEP = Setting.millis(
      "MADANG_PRESENCE_SWEEP_MS",
      Duration.ofSeconds(1),
      Duration.ofMillis(100),
      Duration.ofMinutes(1),
      "How often leases and graces that ended are looked for");
  private static final Setting<Duration> ONLINE = Setting.millis(
      "MADANG_PRESENCE_ONLINE_MS",
      Duration.ofMillis(250),
      Duration.ofMillis(1),
      Duration.ofSeconds(10),
      "How long changes of who is online are gathered");
  private static final Setting<Integer> WINDOW = Setting.whole(
      "MADANG_PRESENCE_WINDOW",
      1_000,
      1,
      100_000,
      "publications",
      "How many publications of each topic a returning reader can be given, beyond which it gets a snapshot");

  private static final Setting<Integer> CONNECTIONS_TOLD = Setting.whole(
      "MADANG_PRESENCE_CONNECTIONS_TOLD",
      10,
      0,
      10_000,
      "connections per second",
      "How many connections that came, and as many that went, everyone is told of");

  /** What this service reads, beside the addresses of the stores. */
  public static final List<Setting<?>> SETTINGS =
      List.of(LEASE, GRACE, SWEEP, ONLINE, WINDOW, CONNECTIONS_TOLD);

  public PresenceConfig {
    if (sweepEvery.compareTo(lease) >= 0) {
      throw new IllegalArgumentException(
          SWEEP.key() + " must be below " + LEASE.key() + ", whose end it looks for.");
    }
  }

  /** Everything by default; where Redis is has none. */
  public static PresenceConfig defaults() {
    return read(new Settings(Map.of()), StoreSettings.REDIS_URL.defaultValue());
  }

  public static PresenceConfig from(Settings settings) {
    Secret redis = StoreSettings.requireRedis(settings);
    if (settings.isSet(StoreSettings.REDIS_URL)) {
      checkUrl(settings, redis);
    }
    try {
      return read(settings, redis);
    } catch (IllegalArgumentException e) {
      // Each is fine alone but not together: note it and go on, so that all problems are told at
      // once.
      settings.problem(e.getMessage());
      return defaults();
    }
  }

  private static void checkUrl(Settings settings, Secret redis) {
    try {
      RedisUrl.parse(redis.value());
    } catch (IllegalArgumentException e) {
      settings.problem(StoreSettings.REDIS_URL.key() + " " + e.getMessage() + ".");
    }
  }

  private static PresenceConfig read(Settings settings, Secret redis) {
    return new PresenceConfig(
        redis,
        settings.read(LEASE),
        settings.read(GRACE),
        settings.read(SWEEP),
        settings.read(ONLINE),
        settings.read(WINDOW),
        settings.read(CONNECTIONS_TOLD));
  }

  public PresenceConfig withRedis(Secret url) {
    return new PresenceConfig(url, lease, grace, sweepEvery, onlineEvery, window, connectionsTold);
  }
}
