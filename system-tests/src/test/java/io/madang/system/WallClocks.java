package io.madang.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The wall clock of each node, which a test sets while the process runs: libfaketime stands before the C library and adds what a
 * file says. The monotonic clock is left alone, as an operator's correction of the time leaves it.
 */
final class WallClocks {
  /** By architecture, {@code /usr/lib/x86_64-linux-gnu} for one. */
  private static final Path LIBRARIES = Path.of("/usr/lib");

  private static final String LIBRARY = "faketime/libfaketime.so.1";

  private final Path directory;

  /** @param directory for the files */
  WallClocks(Path directory) {
    this.directory = directory;
  }

  Map<String, String> settings(String node) {
    set(node, Duration.ZERO);
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("LD_PRELOAD", library().toString());
    settings.put("FAKETIME_TIMESTAMP_FILE", file(node).toString());
    settings.put("FAKETIME_CACHE_DURATION", "1");
    settings.put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    // Java waits by the monotonic clock, and the library would take its deadlines for the wall
    // clock's.
    settings.put("FAKETIME_FORCE_MONOTONIC_FIX", "0");
    return settings;
  }

  /** Lets a node's wall clock jump, within a second, to so much after the true time, or before it. */
  void set(String node, Duration ahead) {
    try {
      Path next = Files.writeString(
          directory.resolve(node + ".next"), "%+d%n".formatted(ahead.toSeconds()));
      Files.move(next, file(node), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("the clock of " + node + " cannot be set", e);
    }
  }

  private Path file(String node) {
    return directory.resolve(node + ".clock");
  }

  private static Path library() {
    try (DirectoryStream<Path> architectures = Files.newDirectoryStream(LIBRARIES)) {
      for (Path architecture : architectures) {
        if (Files.exists(architecture.resolve(LIBRARY))) {
          return architecture.resolve(LIBRARY);
        }
      }
      throw new AssertionError("libfaketime is not there; install it (Debian: libfaketime)");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
