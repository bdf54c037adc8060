package io.madang.distribution.process;

import io.madang.runtime.config.Setting;
import io.madang.runtime.config.StoreSettings;
import io.madang.stores.EmbeddedPostgres;
import io.madang.stores.EmbeddedRedis;
import io.madang.stores.EmbeddedStores;
import io.madang.stores.StoresOptions;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The stores this process brings itself, which are those whose address is not set. The first thing started and the last thing
 * stopped.
 */
public final class OwnStores implements AutoCloseable {
  /** Where nothing answers: stands for an embedded store's address while the settings are only checked. */
  private static final Map<Setting<?>, String> PLACEHOLDERS = Map.of(
      StoreSettings.POSTGRES_URL, "postgresql://embedded:embedded@127.0.0.1:1/embedded",
      StoreSettings.REDIS_URL, "redis://:embedded@127.0.0.1:1");

  private final Map<String, String> addresses;
  private final AutoCloseable servers;

  private OwnStores(Map<String, String> addresses, AutoCloseable servers) {
    this.addresses = Map.copyOf(addresses);
    this.servers = servers;
  }

  /** The environment with an address for each store, real where it is set. */
  public static Map<String, String> withPlaceholders(Map<String, String> environment) {
    Map<String, String> whole = new LinkedHashMap<>(environment);
    PLACEHOLDERS.forEach((setting, address) -> {
      if (!isSet(setting, environment)) {
        whole.put(setting.key(), address);
      }
    });
    return whole;
  }

  /** Whether {@link #start} would start anything, and so would need the data directory. */
  public static boolean areNeeded(Map<String, String> environment) {
    return !isSet(StoreSettings.POSTGRES_URL, environment)
        || !isSet(StoreSettings.REDIS_URL, environment);
  }

  /**
   * Starts what is not set.
   *
   * @throws io.madang.stores.StoreStartException with one sentence
   */
  public static OwnStores start(Path dataDirectory, Map<String, String> environment) {
    boolean postgresSet = isSet(StoreSettings.POSTGRES_URL, environment);
    boolean redisSet = isSet(StoreSettings.REDIS_URL, environment);
    String postgresKey = StoreSettings.POSTGRES_URL.key();
    String redisKey = StoreSettings.REDIS_URL.key();
    StoresOptions options = StoresOptions.defaults();
    if (postgresSet && redisSet) {
      return new OwnStores(Map.of(), () -> {});
    }
    if (redisSet) {
      EmbeddedPostgres postgres = EmbeddedPostgres.start(dataDirectory, options);
      return new OwnStores(Map.of(postgresKey, postgres.url().reveal()), postgres);
    }
    if (postgresSet) {
      EmbeddedRedis redis = EmbeddedRedis.start(dataDirectory, options);
      return new OwnStores(Map.of(redisKey, redis.url().reveal()), redis);
    }
    EmbeddedStores both = EmbeddedStores.start(dataDirectory, options);
    return new OwnStores(
        Map.of(
            postgresKey, both.postgresUrl().reveal(), redisKey, both.redisUrl().reveal()),
        both);
  }

  /** An empty value counts as not set, as for every setting. */
  private static boolean isSet(Setting<?> setting, Map<String, String> environment) {
    return !environment.getOrDefault(setting.key(), "").isBlank();
  }

  /** The addresses by setting, of what was started; they carry passwords. */
  public Map<String, String> addresses() {
    return addresses;
  }

  /** Stops what was started; may be called again, and from another thread. */
  @Override
  public void close() {
    try {
      servers.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(
          "an embedded store fails to close in a way it does not declare", e);
    }
  }
}
