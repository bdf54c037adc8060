package io.madang.gateway.identity;

import io.madang.runtime.config.Settings;
import java.util.HashMap;
import java.util.Map;

/** Settings for tests: guests welcome, passwords hashed cheaply, the rest as an operator finds it. */
public final class IdentityConfigs {
  private IdentityConfigs() {}

  /** With these settings changed, key and value in turn. */
  public static IdentityConfig with(String... keysAndValues) {
    Map<String, String> environment = new HashMap<>();
    environment.put("MADANG_AUTH_GUESTS", "true");
    environment.put("MADANG_AUTH_HASH_MEMORY_KIB", "64");
    environment.put("MADANG_AUTH_HASH_PASSES", "1");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      environment.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    Settings settings = new Settings(environment);
    IdentityConfig config = IdentityConfig.from(settings);
    settings.finish(IdentityConfig.SETTINGS);
    return config;
  }
}
