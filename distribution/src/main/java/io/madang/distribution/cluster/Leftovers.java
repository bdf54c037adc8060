package io.madang.distribution.cluster;

import io.madang.distribution.process.CannotStartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers, in the data directory, which processes a supervisor runs, so that the next one finds what a killed one left behind.
 * They notice by themselves that their supervisor is gone, and stop; this waits for that, as they sit on the pages' ports.
 *
 * <p>A line of the file is a pid and the moment that process began, as a pid alone is soon somebody else's. The first line is the
 * supervisor's own: while that one lives, nothing here is left over.
 */
final class Leftovers {
  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

  private final Path file;

  Leftovers(Path dataDirectory) {
    this.file = dataDirectory.resolve("run").resolve("cluster");
  }

  /**
   * Waits until the processes of a dead supervisor have ended, and ends those that do not.
   *
   * @throws CannotStartException when one survives even that
   */
  void end(Duration patience) throws InterruptedException {
    List<ProcessHandle> living = living();
    if (living.isEmpty()) {
      return;
    }
    LOG.info("Waiting for {} processes of a cluster whose supervisor was killed", living.size());
    long end = System.nanoTime() + patience.toNanos();
    for (ProcessHandle process : living) {
      if (!endsUntil(process, end)) {
        process.destroyForcibly();
        if (!endsUntil(process, System.nanoTime() + patience.toNanos())) {
          throw new CannotStartException(
              "Process %d of an earlier cluster cannot be ended; end it, then start again."
                  .formatted(process.pid()),
              null);
        }
      }
    }
  }

  /** Writes down who runs now. */
  void remember(Collection<ProcessHandle> processes) {
    List<String> lines = new ArrayList<>();
    line(ProcessHandle.current()).ifPresent(lines::add);
    processes.forEach(process -> line(process).ifPresent(lines::add));
    try {
      Files.write(file, lines);
    } catch (IOException e) {
      // Only who starts again after a SIGKILL within seconds would miss it.
      LOG.warn("{} cannot be written: {}", file, e.toString());
    }
  }

  private List<ProcessHandle> living() {
    List<String> lines;
    try {
      if (!Files.isRegularFile(file)) {
        return List.of();
      }
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      LOG.warn("{} cannot be read: {}", file, e.toString());
      return List.of();
    }
    boolean supervised = lines.stream().limit(1).anyMatch(line -> handle(line).isPresent());
    return supervised
        ? List.of()
        : lines.stream().skip(1).flatMap(line -> handle(line).stream()).toList();
  }

  private static Optional<String> line(ProcessHandle process) {
    return process.info().startInstant().map(began -> process.pid() + " " + began.toEpochMilli());
  }

  /** The living process that this line was written for. */
  private static Optional<ProcessHandle> handle(String line) {
    String[] parts = line.strip().split(" ", -1);
    if (parts.length != 2 || !parts[0].matches("\\d{1,9}") || !parts[1].matches("\\d{1,15}")) {
      return Optional.empty();
    }
    Instant began = Instant.ofEpochMilli(Long.parseLong(parts[1]));
    return ProcessHandle.of(Long.parseLong(parts[0]))
        .filter(ProcessHandle::isAlive)
        .filter(process -> process.info().startInstant().filter(began::equals).isPresent());
  }

  private static boolean endsUntil(ProcessHandle process, long end) throws InterruptedException {
    try {
      process.onExit().get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return !process.isAlive();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the end of a process cannot be awaited", e);
    }
  }
}
