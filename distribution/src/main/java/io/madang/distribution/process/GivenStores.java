package io.madang.distribution.process;

import io.madang.runtime.config.Settings;
import io.madang.runtime.config.StoreSettings;
import io.madang.runtime.postgres.PostgresLink;
import io.madang.runtime.postgres.PostgresOptions;
import io.madang.runtime.postgres.PostgresUrl;
import io.madang.runtime.redis.RedisLink;
import io.madang.runtime.redis.RedisLinkOptions;
import io.madang.runtime.redis.RedisUrl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * The stores whose address is set, so that others run them: they are waited for before anything of ours starts, which tells a
 * wrong address or password once, at once, and in one place, instead of by each role.
 */
public final class GivenStores {
  private GivenStores() {}

  /** Notes what is wrong with the addresses as they are written; nothing is asked. */
  static void check(Settings settings) {
    if (settings.isSet(StoreSettings.POSTGRES_URL)) {
      try {
        PostgresUrl.parse(settings.read(StoreSettings.POSTGRES_URL).value());
      } catch (IllegalArgumentException e) {
        settings.problem(StoreSettings.POSTGRES_URL.key() + " " + e.getMessage() + ".");
      }
    }
    if (settings.isSet(StoreSettings.REDIS_URL)) {
      try {
        RedisUrl.parse(settings.read(StoreSettings.REDIS_URL).value());
      } catch (IllegalArgumentException e) {
        settings.problem(StoreSettings.REDIS_URL.key() + " " + e.getMessage() + ".");
      }
    }
  }

  /**
   * Waits until each store that is set and that one of these roles needs lets us in. Blocks.
   *
   * @throws io.madang.runtime.store.StoreStartException with one sentence: at once when waiting does not help, else when the
   *     limit is over
   */
  public static void await(List<RoleKind> kinds, Settings settings, Duration limit)
      throws InterruptedException {
    boolean postgres = settings.isSet(StoreSettings.POSTGRES_URL)
        && kinds.stream().anyMatch(RoleKind::needsPostgres);
    boolean redis =
        settings.isSet(StoreSettings.REDIS_URL) && kinds.stream().anyMatch(RoleKind::needsRedis);
    if (!postgres && !redis) {
      return;
    }
    Vertx vertx = Vertx.vertx();
    List<Future<Void>> answers = new ArrayList<>();
    List<Supplier<Future<Void>>> links = new ArrayList<>();
    try {
      if (postgres) {
        PostgresUrl url =
            PostgresUrl.parse(settings.read(StoreSettings.POSTGRES_URL).value());
        PostgresLink link = PostgresLink.create(vertx, PostgresOptions.of(url, "madang-start"));
        links.add(link::close);
        answers.add(link.start(limit));
      }
      if (redis) {
        RedisUrl url = RedisUrl.parse(settings.read(StoreSettings.REDIS_URL).value());
        RedisLink link = RedisLink.create(vertx, RedisLinkOptions.of(url));
        links.add(link::close);
        answers.add(link.start(limit));
      }
      // The first that fails ends the wait; each bounds itself.
      Future.all(answers).toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException reason
          ? reason
          : new CannotStartException("A store cannot be reached (%s).".formatted(e.getCause()), e);
    } finally {
      // Nobody waits for the end of the connections, and they end before what carries them.
      Future.join(links.stream().map(Supplier::get).toList()).onComplete(closed -> vertx.close());
    }
  }
}
