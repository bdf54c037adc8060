package io.madang.runtime.config;

import java.util.List;

/** Where the stores are; shared by every role that uses them. */
public final class StoreSettings {
  public static final Setting<Secret> POSTGRES_URL = Setting.secret(
      "MADANG_POSTGRES_URL",
      "PostgreSQL, for all that must last: postgresql://user:password@host:5432/database");

  public static final Setting<Secret> REDIS_URL = Setting.secret(
      "MADANG_REDIS_URL", "Redis, for what changes each second: redis://:password@host:6379/0");

  public static final List<Setting<?>> SETTINGS = List.of(POSTGRES_URL, REDIS_URL);

  private StoreSettings() {}

  /** The address of PostgreSQL; a problem is noted when there is none. */
  public static Secret requirePostgres(Settings settings) {
    return require(settings, POSTGRES_URL);
  }

  /** The address of Redis; a problem is noted when there is none. */
  public static Secret requireRedis(Settings settings) {
    return require(settings, REDIS_URL);
  }

  private static Secret require(Settings settings, Setting<Secret> url) {
    Secret value = settings.read(url);
    if (!settings.isSet(url)) {
      settings.problem(url.key() + " must be set for this role: " + url.effect() + ".");
    }
    return value;
  }
}
