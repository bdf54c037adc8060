package io.madang.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A child process of a test: its output is kept and shown with a name before each line, and it ends
 * with the test's JVM at the latest.
 *
 * <p>Standard error is read together with standard output. The last {@value #KEPT_LINES} lines are
 * kept. All methods may be called from any thread.
 */
public final class RunningProcess implements AutoCloseable {
  private static final int KEPT_LINES = 200_000;
  private static final Duration END_LIMIT = Duration.ofSeconds(10);

  private final String name;
  private final Process process;

  /** Gets each line as it comes, on the thread that reads it. */
  private final Consumer<String> hearer;

  private final Thread hook;

  /** Lines in order, the oldest dropped beyond the limit. Guarded by itself. */
  private final Deque<String> lines = new ArrayDeque<>();

  /** Whether the last line was read. Guarded by {@link #lines}. */
  private boolean ended;

  private RunningProcess(String name, Process process, Consumer<String> hearer) {
    this.name = name;
    this.process = process;
    this.hearer = hearer;
    this.hook = new Thread(this::killTree, "kill-" + name);
    Runtime.getRuntime().addShutdownHook(hook);
    Thread reader = new Thread(this::read, "output-of-" + name);
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts a program.
   *
   * @param name what stands before its lines
   * @param environment added to ours
   */
  public static RunningProcess start(
      String name, List<String> command, Map<String, String> environment, Path directory) {
    return startHeard(
        name,
        command,
        environment,
        directory,
        line -> System.out.println("[" + name + "] " + line));
  }

  /** As {@link #start}, for a program whose many lines are for the test and not for people. */
  public static RunningProcess startUnseen(
      String name, List<String> command, Map<String, String> environment, Path directory) {
    return startHeard(name, command, environment, directory, line -> {});
  }

  /** As {@link #startUnseen}, and {@code hearer} gets each line as it comes, on the thread that reads it. */
  public static RunningProcess startHeard(
      String name,
      List<String> command,
      Map<String, String> environment,
      Path directory,
      Consumer<String> hearer) {
    // A shell starts its background jobs deaf to SIGINT and their children inherit that; tests may
    // run in such a job.
    List<String> hearing = new ArrayList<>(List.of("env", "--default-signal=INT,HUP"));
    hearing.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(hearing).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      return new RunningProcess(name, builder.start(), hearer);
    } catch (IOException e) {
      throw new UncheckedIOException(name + " cannot be started", e);
    }
  }

  /** The command that runs a main class of our own class path in a JVM that starts fast. */
  public static List<String> java(Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-cp",
        System.getProperty("java.class.path"),
        main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Writes a line to its standard input. */
  public void writeLine(String line) {
    try {
      process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " takes no input any more", e);
    }
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** What it started itself and is alive. */
  public List<ProcessHandle> children() {
    return process.children().toList();
  }

  /** Everything it printed so far, within the limit. */
  public List<String> lines() {
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }

  /**
   * The first line with that text, printed already or within the limit.
   *
   * @throws AssertionError when it does not come, or the process ends before, with its last lines
   */
  public String awaitLine(String text, Duration limit) {
    return awaitLine(line -> line.contains(text), "\"" + text + "\"", limit);
  }

  /** As {@link #awaitLine(String, Duration)}, for any condition; {@code what} names it in the failure. */
  public String awaitLine(Predicate<String> wanted, String what, Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    synchronized (lines) {
      while (true) {
        for (String line : lines) {
          if (wanted.test(line)) {
            return line;
          }
        }
        long leftMs = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (ended || leftMs <= 0) {
          throw new AssertionError("%s %s without printing %s; its last lines:%n%s"
              .formatted(
                  name,
                  ended ? "ended" : "ran " + limit.toSeconds() + " s",
                  what,
                  String.join("\n", lastLines())));
        }
        waitForLines(leftMs);
      }
    }
  }

  private void waitForLines(long limitMs) {
    try {
      lines.wait(limitMs);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for " + name, e);
    }
  }

  private List<String> lastLines() {
    List<String> all = List.copyOf(lines);
    return all.subList(Math.max(0, all.size() - 30), all.size());
  }

  /** SIGTERM: asks it to end. */
  public void terminate() {
    // Not Process.destroy, which also closes the pipe with its last words.
    process.toHandle().destroy();
  }

  /** SIGINT: what Ctrl-C sends. */
  public void interrupt() {
    signal("INT");
  }

  /** SIGKILL, to it alone. */
  public void kill() {
    process.toHandle().destroyForcibly();
  }

  /** SIGSTOP: it stands still with all its connections open. */
  public void freeze() {
    signal("STOP");
  }

  /** SIGCONT: it goes on where it was frozen. */
  public void thaw() {
    signal("CONT");
  }

  private void signal(String signal) {
    try {
      Process kill = new ProcessBuilder("sh", "-c", "kill -s " + signal + " " + pid())
          .redirectErrorStream(true)
          .start();
      if (!kill.waitFor(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS) || kill.exitValue() != 0) {
        throw new IllegalStateException("SIG" + signal + " does not reach " + name);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("SIG" + signal + " does not reach " + name, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while signalling " + name, e);
    }
  }

  /**
   * Its exit value.
   *
   * @throws AssertionError when it does not end within the limit
   */
  public int awaitExit(Duration limit) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("%s did not end within %d s; its last lines:%n%s"
            .formatted(name, limit.toSeconds(), String.join("\n", lastLinesNow())));
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for " + name, e);
    }
  }

  private List<String> lastLinesNow() {
    synchronized (lines) {
      return lastLines();
    }
  }

  /** Kills it and whatever it started, and waits until it is gone. */
  @Override
  public void close() {
    killTree();
    awaitExit(END_LIMIT);
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is ending already, and the hook does the same.
      process.toHandle().destroyForcibly();
    }
  }

  private void killTree() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.toHandle().destroyForcibly();
  }

  private void read() {
    try (BufferedReader output = new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        keep(line);
      }
    } catch (IOException e) {
      // A killed process closes its pipe in the middle of a line.
      keep("(output ends: " + e.getMessage() + ")");
    } finally {
      synchronized (lines) {
        ended = true;
        lines.notifyAll();
      }
    }
  }

  private void keep(String line) {
    hearer.accept(line);
    synchronized (lines) {
      if (lines.size() == KEPT_LINES) {
        lines.removeFirst();
      }
      lines.addLast(line);
      lines.notifyAll();
    }
  }
}
