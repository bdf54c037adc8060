package io.madang.distribution.cluster;

import io.madang.distribution.console.Console;
import io.madang.distribution.process.CannotStartException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * One process of the cluster, through all its lives. Everything but its output belongs to the supervisor's thread.
 *
 * <p>It holds the writing end of the process's standard input and never writes: the operating system closes it when the
 * supervisor ends, however that ends, and that tells the process to stop.
 */
final class Child {
  private static final Duration HEALTH_LIMIT = Duration.ofMillis(500);
  private static final int KILLED = 137;

  private final ChildPlan plan;
  private final List<String> command;
  private final Console console;
  private final String prefix;
  private final RestartPause pause = new RestartPause();

  /** The present or last life; null before the first. */
  private Process process;

  /** By {@link System#nanoTime}, when the present life began. */
  private long bornAt;

  /** Whether it was ready in its present life. */
  private boolean ready;

  Child(ChildPlan plan, List<String> command, Console console, String prefix) {
    this.plan = plan;
    this.command = command;
    this.console = console;
    this.prefix = prefix;
  }

  ChildPlan plan() {
    return plan;
  }

  String name() {
    return plan.name();
  }

  /**
   * Begins a life.
   *
   * @param atEnd told the exit value, on the thread that follows its output
   */
  void start(IntConsumer atEnd) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.putAll(plan.settings());
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new CannotStartException(
          "%s cannot be started (%s); see that this file may be executed."
              .formatted(command.get(0), e.getMessage()),
          e);
    }
    bornAt = System.nanoTime();
    ready = false;
    Process life = process;
    Thread follower = new Thread(() -> follow(life, atEnd), "follower-of-" + name());
    follower.setDaemon(true);
    follower.start();
  }

  /** Its last lines come before the news of its end. */
  private void follow(Process life, IntConsumer atEnd) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(life.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        console.say(prefix + line);
      }
    } catch (IOException e) {
      // A killed process closes its pipe in the middle of a line.
      console.say(prefix + "(its output ends)");
    }
    try {
      atEnd.accept(life.waitFor());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  boolean isAlive() {
    return process != null && process.isAlive();
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  long pid() {
    return process.pid();
  }

  boolean isReady() {
    return ready;
  }

  /** Asks its health page, once; true from the first time on that it says yes. Blocks half a second at most. */
  boolean looksReady() {
    ready = ready || (isAlive() && answers());
    return ready;
  }

  private boolean answers() {
    try {
      HttpURLConnection page =
          (HttpURLConnection) URI.create("http://127.0.0.1:" + plan.healthPort() + "/health/ready")
              .toURL()
              .openConnection();
      page.setConnectTimeout((int) HEALTH_LIMIT.toMillis());
      page.setReadTimeout((int) HEALTH_LIMIT.toMillis());
      try {
        return page.getResponseCode() == HttpURLConnection.HTTP_OK;
      } finally {
        page.disconnect();
      }
    } catch (IOException e) {
      // Not listening yet, or too busy starting.
      return false;
    }
  }

  /** SIGTERM: an orderly stop. */
  void askToStop() {
    // Not Process.destroy, which also closes the pipe with its last words.
    process.toHandle().destroy();
  }

  /** SIGKILL. */
  void kill() {
    process.toHandle().destroyForcibly();
  }

  /** How long to wait before the next life, now that this one ended. */
  Duration pauseBeforeNextLife() {
    return pause.after(Duration.ofNanos(System.nanoTime() - bornAt));
  }

  static String howItEnded(int exit) {
    return exit == KILLED ? "was killed" : "ended with exit value " + exit;
  }
}
