package io.madang.distribution.process;

import io.madang.chat.ChatConfig;
import io.madang.chat.ChatService;
import io.madang.dashboard.DashboardConfig;
import io.madang.dashboard.DashboardService;
import io.madang.gateway.BuiltInSignIn;
import io.madang.gateway.GatewayConfig;
import io.madang.gateway.GatewayRole;
import io.madang.gateway.SignInConfig;
import io.madang.notification.NotificationConfig;
import io.madang.notification.NotificationService;
import io.madang.presence.PresenceConfig;
import io.madang.presence.PresenceService;
import io.madang.runtime.config.Secret;
import io.madang.runtime.config.Setting;
import io.madang.runtime.config.Settings;
import io.madang.runtime.config.StoreSettings;
import io.madang.runtime.launch.Role;
import io.madang.runtime.launch.ServiceRole;
import io.madang.runtime.postgres.PostgresUrl;
import io.madang.runtime.redis.RedisUrl;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What a process can be, in the order of starting: who serves first, who lets people in last. */
public enum RoleKind {
  CHAT("chat", true, false) {
    @Override
    List<Setting<?>> settings() {
      return ChatConfig.SETTINGS;
    }

    @Override
    Supplier<Role> read(Settings settings) {
      ChatConfig config = ChatConfig.from(settings);
      return () -> new ServiceRole(new ChatService(config));
    }
  },

  PRESENCE("presence", false, true) {
    @Override
    List<Setting<?>> settings() {
      return PresenceConfig.SETTINGS;
    }

    @Override
    Supplier<Role> read(Settings settings) {
      PresenceConfig config = PresenceConfig.from(settings);
      return () -> new ServiceRole(new PresenceService(config));
    }
  },

  NOTIFICATION("notification", true, false) {
    @Override
    List<Setting<?>> settings() {
      return NotificationConfig.SETTINGS;
    }

    @Override
    Supplier<Role> read(Settings settings) {
      NotificationConfig config = NotificationConfig.from(settings);
      return () -> new ServiceRole(new NotificationService(config));
    }
  },

  DASHBOARD("dashboard", false, true) {
    @Override
    List<Setting<?>> settings() {
      return DashboardConfig.SETTINGS;
    }

    @Override
    Supplier<Role> read(Settings settings) {
      DashboardConfig config = DashboardConfig.from(settings);
      return () -> new ServiceRole(new DashboardService(config));
    }
  },

  GATEWAY("gateway", true, false) {
    @Override
    List<Setting<?>> settings() {
      return Stream.concat(GatewayConfig.SETTINGS.stream(), SignInConfig.SETTINGS.stream())
          .<Setting<?>>map(setting -> setting)
          .toList();
    }

    @Override
    Supplier<Role> read(Settings settings) {
      GatewayConfig gateway = GatewayConfig.from(settings);
      SignInConfig signIn = SignInConfig.from(settings);
      Secret postgres = StoreSettings.requirePostgres(settings);
      // Not needed: without it, or before it is there, the gateway counts alone.
      boolean hasRedis = settings.isSet(StoreSettings.REDIS_URL);
      Secret redis = settings.read(StoreSettings.REDIS_URL);
      Duration wait = LaunchConfig.from(settings).startWithin();
      return () -> new GatewayRole(
          gateway,
          signIn.identity().origins(),
          new BuiltInSignIn(signIn, PostgresUrl.parse(postgres.value()), wait),
          hasRedis ? Optional.of(RedisUrl.parse(redis.value())) : Optional.empty());
    }
  };

  private final String word;
  private final boolean needsPostgres;
  private final boolean needsRedis;

  RoleKind(String word, boolean needsPostgres, boolean needsRedis) {
    this.word = word;
    this.needsPostgres = needsPostgres;
    this.needsRedis = needsRedis;
  }

  /** As on the command line. */
  public static Optional<RoleKind> of(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
  }

  public String word() {
    return word;
  }

  boolean needsPostgres() {
    return needsPostgres;
  }

  boolean needsRedis() {
    return needsRedis;
  }

  /** What this role reads beside what every process reads. */
  abstract List<Setting<?>> settings();

  /**
   * Reads what this role needs; problems are kept in {@code settings}.
   *
   * @return makes the role, which is not started then; only to be called when there was no problem
   */
  abstract Supplier<Role> read(Settings settings);
}
