package io.madang.benchmarks.product;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The processes of one run and its directory. All of them end with {@link #close()}, with this JVM on Ctrl-C, and, by a small
 * shell process that waits for the end of its input, also when this JVM is killed.
 */
public final class Children implements AutoCloseable {
  /** Kills those whose start time is still the one it was told, so that a number used again hurts nobody. */
  private static final String GUARD = """
      trap '' INT TERM HUP
      while read -r pid began; do all="$all $pid:$began"; done
      for each in $all; do
        pid=${each%:*}
        [ "$(cut -d ' ' -f 22 "/proc/$pid/stat" 2>/dev/null)" != "${each#*:}" ] || kill -9 "$pid"
      done
      rm -rf "$1"
      """;

  private static final int STARTED_FIELD = 21;
  private static final Duration STOP_LIMIT = Duration.ofSeconds(25);

  /** Ports from here on are below those that Linux gives to outgoing connections, of which a run opens thousands. */
  private static final int FIRST_PORT = 20_000;

  private static final int LAST_PORT = 32_000;

  private final Path directory;
  private final Process guard;
  private final List<Process> processes = new ArrayList<>();
  private final List<Path> logs = new ArrayList<>();

  /** Closed when the processes have ended. */
  private final List<Runnable> afterwards = new ArrayList<>();

  private final Set<Integer> ports = new HashSet<>();
  private final Thread hook = new Thread(this::close, "end-children");
  private boolean closed;

  private Children(Path directory, Process guard) {
    this.directory = directory;
    this.guard = guard;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** With an empty directory of their own. */
  public static Children begin() throws IOException {
    Path directory = Files.createTempDirectory("madang-bench");
    Process guard = new ProcessBuilder("sh", "-c", GUARD, "guard", directory.toString()).start();
    return new Children(directory, guard);
  }

  public Path directory() {
    return directory;
  }

  /**
   * Starts a process whose output goes to a file of its name.
   *
   * @param environment beside ours, of which the settings of Madang are left out
   */
  public Process start(String name, List<String> command, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder = builder(command, environment).redirectErrorStream(true);
    Path log = directory.resolve(name + ".log");
    logs.add(log);
    return started(
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())).start());
  }

  /** Starts a process that is talked to; its complaints go to a file of its name. */
  public Process startTalking(String name, List<String> command) throws IOException {
    Path log = directory.resolve(name + ".log");
    logs.add(log);
    return started(builder(command, Map.of()).redirectError(log.toFile()).start());
  }

  private ProcessBuilder builder(List<String> command, Map<String, String> environment) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("MADANG_"));
    builder.environment().putAll(environment);
    return builder;
  }

  private Process started(Process process) throws IOException {
    processes.add(process);
    watch(process.pid());
    return process;
  }

  /** What is to be closed when the processes have ended. */
  void closeAfterwards(Runnable close) {
    afterwards.add(close);
  }

  /** A process somebody else ends unless this JVM is killed. */
  void watch(long pid) throws IOException {
    String[] stat =
        Files.readString(Path.of("/proc", Long.toString(pid), "stat")).split(" ", -1);
    String line = pid + " " + stat[STARTED_FIELD] + "\n";
    guard.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
    guard.getOutputStream().flush();
  }

  /** A port of loopback that nobody listens on and that this run did not get before. */
  public int freePort() throws IOException {
    for (int tries = 0; tries < 100; tries++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        if (ports.add(socket.getLocalPort())) {
          return port;
        }
      } catch (BindException e) {
        // Somebody listens there; another number costs nothing.
      }
    }
    throw new IOException("no free port from " + FIRST_PORT + " to " + LAST_PORT);
  }

  /** The end of what the processes printed, for whoever has to find out why one does not run. */
  public String lastWords() {
    StringBuilder words = new StringBuilder();
    for (Path log : logs) {
      try {
        List<String> lines = Files.readAllLines(log);
        if (!lines.isEmpty()) {
          words.append(log.getFileName()).append(":\n");
          lines
              .subList(Math.max(0, lines.size() - 15), lines.size())
              .forEach(line -> words.append("  ").append(line).append('\n'));
        }
      } catch (IOException e) {
        words.append(log).append(" cannot be read\n");
      }
    }
    return words.toString();
  }

  /** Stops all in order, the youngest first, by force if that takes too long, and deletes the directory. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    stopProcesses();
    afterwards.forEach(Runnable::run);
    try {
      // The guard finds nothing to kill.
      guard.getOutputStream().close();
      guard.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IOException e) {
      throw new UncheckedIOException("what the run wrote stays in " + directory, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException e) {
      // The JVM is ending, and this is the hook.
    }
  }

  private void stopProcesses() {
    for (int i = processes.size() - 1; i >= 0; i--) {
      processes.get(i).destroy();
    }
    long end = System.nanoTime() + STOP_LIMIT.toNanos();
    for (Process process : processes) {
      try {
        if (!process.waitFor(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        process.destroyForcibly();
      }
    }
  }
}
