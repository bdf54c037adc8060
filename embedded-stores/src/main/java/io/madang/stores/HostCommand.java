package io.madang.stores;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Programs of this host that run to their end: each with an empty environment and a limit of time. */
final class HostCommand {
  private static final Duration SIGNAL_LIMIT = Duration.ofSeconds(5);

  private HostCommand() {}

  /** What a program left: its exit value and everything it printed. */
  record Outcome(int exit, String output) {
    boolean succeeded() {
      return exit == 0;
    }
  }

  /**
   * Runs a program to its end.
   *
   * @param input what it reads; may be empty
   * @throws StoreStartException when it cannot be run at all, or runs longer than {@code limit}
   */
  static Outcome run(List<String> command, Path directory, String input, Duration limit) {
    Process process = null;
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
      plainEnvironment(builder.environment());
      Process started = builder.start();
      process = started;
      CompletableFuture<String> output = CompletableFuture.supplyAsync(
          () -> readAll(started.getInputStream()), HostCommand::inItsOwnThread);
      try (OutputStream stdin = started.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      if (!started.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new StoreStartException(
            "%s did not end within %d s".formatted(nameOf(command), limit.toSeconds()));
      }
      return new Outcome(started.exitValue(), output.get(limit.toMillis(), TimeUnit.MILLISECONDS));
    } catch (IOException e) {
      throw new StoreStartException(
          "%s cannot be run: %s".formatted(nameOf(command), e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreStartException("interrupted while " + nameOf(command) + " ran", e);
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new StoreStartException("the output of " + nameOf(command) + " cannot be read", e);
    } finally {
      if (process != null && process.isAlive()) {
        process.destroyForcibly();
      }
    }
  }

  /** Whether a program of that name can be found and run with these arguments. */
  static boolean works(String... command) {
    try {
      return run(List.of(command), Path.of("/"), "", SIGNAL_LIMIT).succeeded();
    } catch (StoreStartException e) {
      return false;
    }
  }

  /** Sends a signal by name (INT, TERM, QUIT, CONT); a process that is gone is no error. */
  static void signal(long pid, String name) {
    // Java can only send TERM and KILL; the shell's own kill needs no further program installed.
    run(
        List.of("sh", "-c", "kill -s " + name + " " + pid + " 2>/dev/null || true"),
        Path.of("/"),
        "",
        SIGNAL_LIMIT);
  }

  /** A server must not see PGPORT, LD_PRELOAD and their like from the shell that started us. */
  static void plainEnvironment(Map<String, String> environment) {
    String path = environment.getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
    environment.clear();
    environment.put("PATH", path);
    environment.put("LC_ALL", "C");
    environment.put("TZ", "UTC");
  }

  static List<String> join(List<String> prefix, List<String> command) {
    List<String> joined = new ArrayList<>(prefix);
    joined.addAll(command);
    return joined;
  }

  /** Whether {@code name} is a runnable file on the PATH. */
  static boolean installed(String name) {
    String path = System.getenv().getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
    for (String place : path.split(java.io.File.pathSeparator, -1)) {
      if (!place.isEmpty() && Files.isExecutable(Path.of(place, name))) {
        return true;
      }
    }
    return false;
  }

  private static String nameOf(List<String> command) {
    for (String word : command) {
      Path name = Path.of(word).getFileName();
      if (name != null
          && !List.of("setsid", "unshare", "setpriv", "sh").contains(name.toString())
          && !word.startsWith("-")) {
        return name.toString();
      }
    }
    return command.get(0);
  }

  /** The common pool may have a single thread, and reading here lasts as long as the program. */
  private static void inItsOwnThread(Runnable reading) {
    Thread thread = new Thread(reading, "madang-host-command");
    thread.setDaemon(true);
    thread.start();
  }

  private static String readAll(InputStream in) {
    try (in) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
