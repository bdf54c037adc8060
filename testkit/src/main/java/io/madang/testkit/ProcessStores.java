package io.madang.testkit;

import io.madang.stores.EmbeddedPostgres;
import io.madang.stores.EmbeddedRedis;
import io.madang.stores.EmbeddedStores;
import io.madang.stores.StoresOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stores as child processes, each in a new directory that goes with the JVM.
 *
 * <p>A JVM that was killed leaves its servers and directory behind; the next one that asks for a
 * directory ends and removes what nobody holds any more.
 */
final class ProcessStores {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessStores.class);
  private static final int REDIS_DATABASES = 256;

  private ProcessStores() {}

  static PostgresServer postgres() {
    EmbeddedPostgres server =
        started(EmbeddedPostgres::start, StoresOptions.defaults().withDurable(false));
    return new PostgresServer(new TestDatabase(
        "127.0.0.1",
        server.port(),
        "postgres",
        server.adminUrl("postgres").user(),
        server.adminUrl("postgres").revealPassword()));
  }

  static RedisServer redis() {
    EmbeddedRedis server =
        started(EmbeddedRedis::start, StoresOptions.defaults().withDurable(false));
    return new RedisServer(
        "127.0.0.1", server.port(), server.url().revealPassword(), REDIS_DATABASES);
  }

  /** Starts a store in a new directory; both go with the JVM at the latest. */
  static <S extends AutoCloseable> S started(
      BiFunction<Path, StoresOptions, S> start, StoresOptions options) {
    Path directory = directory();
    S store = start.apply(directory, options);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(store, directory), "end-test-store"));
    return store;
  }

  private static void end(AutoCloseable store, Path directory) {
    try {
      store.close();
      deleteTree(directory);
    } catch (Exception e) {
      LOG.warn("A test store did not end: {}", e.toString());
    }
  }

  /** A new directory for one owner, removed with the JVM. */
  private static Path directory() {
    try {
      Path home = Path.of(
          System.getProperty("java.io.tmpdir"),
          "madang-test-stores-" + System.getProperty("user.name"));
      Files.createDirectories(home);
      removeAbandoned(home);
      return Files.createTempDirectory(home, ProcessHandle.current().pid() + "-");
    } catch (IOException e) {
      throw new UncheckedIOException("No directory for test stores can be made", e);
    }
  }

  private static void removeAbandoned(Path home) throws IOException {
    try (Stream<Path> all = Files.list(home)) {
      all.filter(ProcessStores::ownerIsGone).forEach(ProcessStores::remove);
    }
  }

  /** The name begins with the pid of who made it. */
  private static boolean ownerIsGone(Path directory) {
    try {
      long pid = Long.parseLong(directory.getFileName().toString().split("-", 2)[0]);
      return ProcessHandle.of(pid).isEmpty();
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static void remove(Path directory) {
    try {
      if (EmbeddedStores.endLeftovers(directory)) {
        deleteTree(directory);
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("{} stays: {}", directory, e.toString());
    }
  }

  private static void deleteTree(Path root) throws IOException {
    try (Stream<Path> tree = Files.walk(root)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
