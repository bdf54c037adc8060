package io.madang.stores;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * PostgreSQL and Redis for one data directory, which is locked for as long as this lives.
 *
 * <p>The servers are processes in sessions of their own: Ctrl-C ends who started them, and that one
 * stops its services first and calls {@link #close()} last. Who dies without that leaves them
 * running, and the next start on the directory ends them before it starts its own.
 */
public final class EmbeddedStores implements AutoCloseable {
  private final DataDirectory data;
  private final EmbeddedPostgres postgres;
  private final EmbeddedRedis redis;

  private EmbeddedStores(DataDirectory data, EmbeddedPostgres postgres, EmbeddedRedis redis) {
    this.data = data;
    this.postgres = postgres;
    this.redis = redis;
  }

  /**
   * Starts both, side by side.
   *
   * @param dataDirectory made where it is missing
   * @throws StoreStartException with the reason in one sentence; nothing is left running then
   */
  public static EmbeddedStores start(Path dataDirectory, StoresOptions options) {
    DataDirectory data = DataDirectory.open(dataDirectory);
    EmbeddedStores stores = new EmbeddedStores(
        data, new EmbeddedPostgres(data, false, options), new EmbeddedRedis(data, false, options));
    try {
      stores.both(EmbeddedStore::start);
      return stores;
    } catch (RuntimeException e) {
      stores.close();
      throw e;
    }
  }

  /**
   * Ends the servers that a killed owner left behind in a data directory, without starting new ones.
   *
   * @return whether nobody holds the directory and nothing runs in it now; false when it has a living
   *     owner
   * @throws StoreStartException when a server cannot be ended
   */
  public static boolean endLeftovers(Path dataDirectory) {
    if (!Files.isDirectory(dataDirectory)) {
      return true;
    }
    StoresOptions options = StoresOptions.defaults();
    try (DataDirectory data = DataDirectory.open(dataDirectory)) {
      for (EmbeddedStore store : List.of(
          new EmbeddedPostgres(data, false, options), new EmbeddedRedis(data, false, options))) {
        store.strays().end(store.stopSignal(), options.stopWithin());
      }
      return true;
    } catch (DataDirectoryInUseException e) {
      return false;
    }
  }

  public EmbeddedPostgres postgres() {
    return postgres;
  }

  public EmbeddedRedis redis() {
    return redis;
  }

  public StoreUrl postgresUrl() {
    return postgres.url();
  }

  public StoreUrl redisUrl() {
    return redis.url();
  }

  /** Stops both within the options' time and gives the directory back; may be called again. */
  @Override
  public void close() {
    try {
      both(EmbeddedStore::close);
    } finally {
      data.close();
    }
  }

  private interface Step {
    void on(EmbeddedStore store);
  }

  /** Waits for both even when one fails, so that nothing goes on behind the caller's back. */
  private void both(Step step) {
    CompletableFuture<Void> first = CompletableFuture.runAsync(
        () -> step.on(redis), work -> new Thread(work, "madang-redis").start());
    RuntimeException failure = null;
    try {
      step.on(postgres);
    } catch (RuntimeException e) {
      failure = e;
    }
    try {
      first.join();
    } catch (CompletionException e) {
      RuntimeException other = e.getCause() instanceof RuntimeException cause
          ? cause
          : new StoreStartException(e.getMessage(), e);
      if (failure == null) {
        failure = other;
      } else {
        failure.addSuppressed(other);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
