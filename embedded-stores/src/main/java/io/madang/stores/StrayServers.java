package io.madang.stores;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Server processes that work in one store's directory though nobody alive holds it: what a killed
 * owner left behind.
 *
 * <p>A process is ours when its program has the server's name and it works in this very directory;
 * the number in a pid file may long belong to somebody else. Called only by the holder of the
 * directory's lock.
 */
final class StrayServers {
  private static final Logger LOG = LoggerFactory.getLogger(StrayServers.class);
  private static final Duration AFTER_KILL = Duration.ofSeconds(5);

  private final String program;
  private final Path directory;

  StrayServers(String program, Path directory) {
    this.program = program;
    this.directory = directory;
  }

  /**
   * Ends them all: asked first, so that they leave a clean directory, killed when the time is over.
   *
   * @throws StoreStartException when one survives even that
   */
  void end(String stopSignal, Duration limit) {
    List<ProcessHandle> found = find();
    if (found.isEmpty()) {
      return;
    }
    LOG.info(
        "Stopping {} (pid {}) left behind by an earlier run",
        program,
        found.get(0).pid());
    Set<Long> pids = found.stream().map(ProcessHandle::pid).collect(Collectors.toSet());
    for (ProcessHandle process : found) {
      boolean child =
          process.parent().map(parent -> pids.contains(parent.pid())).orElse(false);
      if (!child) {
        HostCommand.signal(process.pid(), stopSignal);
        // A process somebody stopped keeps the first signal waiting.
        HostCommand.signal(process.pid(), "CONT");
      }
    }
    if (Deadline.after(limit).reaches(this::none)) {
      return;
    }
    killAll();
  }

  /** Kills whatever is left and waits until the kernel has let go of it. */
  void killAll() {
    find().forEach(ProcessHandle::destroyForcibly);
    if (!Deadline.after(AFTER_KILL).reaches(this::none)) {
      throw new StoreStartException(
          "%s (pid %s) works in %s and cannot be killed; end it, then start again"
              .formatted(
                  program,
                  find().stream()
                      .map(p -> Long.toString(p.pid()))
                      .collect(Collectors.joining(", ")),
                  directory));
    }
  }

  boolean none() {
    return find().isEmpty();
  }

  List<ProcessHandle> find() {
    return ProcessHandle.allProcesses().filter(this::isOurs).toList();
  }

  private boolean isOurs(ProcessHandle process) {
    Path proc = Path.of("/proc", Long.toString(process.pid()));
    if (!Files.isDirectory(Path.of("/proc/self"))) {
      return namesDirectory(process.info());
    }
    try {
      // The link of a program that was deleted meanwhile, as by a cleared cache, says so at its
      // end;
      // that of one which cannot be seen from here, as in a container, may be "/".
      String exe = Files.readSymbolicLink(proc.resolve("exe")).toString();
      return exe.replace(" (deleted)", "").endsWith("/" + program)
          && Files.readSymbolicLink(proc.resolve("cwd")).equals(directory);
    } catch (IOException e) {
      // Gone, a zombie, or another user's: not ours in each case.
      return false;
    }
  }

  private boolean namesDirectory(ProcessHandle.Info info) {
    Optional<String> command = info.command();
    Optional<String[]> arguments = info.arguments();
    return command.isPresent()
        && arguments.isPresent()
        && command.get().endsWith("/" + program)
        && String.join(" ", arguments.get()).contains(directory.toString());
  }
}
