package io.madang.stores;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server as a child process: started, watched, revived, stopped.
 *
 * <p>It listens on 127.0.0.1 only and keeps its port over every restart. A server that ends without
 * being asked to is started again (where the options say so) until that works or {@link #close()}
 * is called; each failed attempt is logged. All methods block, may be called from any thread, and
 * exclude each other.
 */
public abstract sealed class EmbeddedStore implements AutoCloseable
    permits EmbeddedPostgres, EmbeddedRedis {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedStore.class);

  /** What the two servers print, each in the words of its own C library. */
  private static final Pattern PORT_TAKEN = Pattern.compile("Address (already )?in use");

  private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);
  private static final Duration AFTER_LAST_WORD = Duration.ofSeconds(2);
  private static final long FIRST_REVIVAL_MS = 100;
  private static final long SLOWEST_REVIVAL_MS = 5_000;

  final DataDirectory data;
  final StoresOptions options;
  private final boolean ownsData;
  private final int wantedPort;

  /** The port in use; 0 before the first start. Guarded by this. */
  private int port;

  /** The life that is meant to go on; null while the server is down on purpose. Guarded by this. */
  private ServerProcess life;

  /** Set by {@link #close()} before it waits for the monitor, so that a start in progress gives up. */
  private volatile boolean closing;

  EmbeddedStore(DataDirectory data, boolean ownsData, StoresOptions options, int wantedPort) {
    this.data = data;
    this.ownsData = ownsData;
    this.options = options;
    this.wantedPort = wantedPort;
  }

  /** What people call it. */
  abstract String label();

  /** File name of its program, by which leftovers are recognised. */
  abstract String program();

  /** The directory it works in. */
  abstract Path directory();

  /** The signal that stops it soon and cleanly. */
  abstract String stopSignal();

  /** Makes whatever has to be there before a life; called with nothing of ours running. */
  abstract void prepare();

  abstract List<String> command(int onPort);

  /** Whether this life takes clients by now. */
  abstract boolean answers(ServerProcess candidate, int onPort);

  /** Whether the complaint speaks of a leftover that the kernel is about to clear away. */
  abstract boolean passesByItself(String complaint);

  /** The port on 127.0.0.1. */
  public final synchronized int port() {
    return port;
  }

  /** The process, as the operating system knows it; for tests that send it signals. */
  public final synchronized long pid() {
    if (life == null) {
      throw new IllegalStateException(label() + " is down");
    }
    return life.pid();
  }

  public final synchronized boolean isRunning() {
    return life != null && life.isAlive();
  }

  /**
   * Starts it, after ending whatever an earlier owner of the directory left running. Does nothing
   * when it runs.
   *
   * @throws StoreStartException with the reason in one sentence
   */
  public final synchronized void start() {
    if (closing) {
      throw new IllegalStateException(label() + " is closed");
    }
    if (isRunning()) {
      return;
    }
    life = null;
    long began = System.nanoTime();
    strays().end(stopSignal(), options.stopWithin());
    prepare();
    life = launched(Deadline.after(options.startWithin()));
    notifyAll();
    watch(life);
    long tookMs = Duration.ofNanos(System.nanoTime() - began).toMillis();
    LOG.info("{} answers on 127.0.0.1:{} after {} ms", label(), port, tookMs);
  }

  private ServerProcess launched(Deadline deadline) {
    while (true) {
      int candidatePort = port != 0 ? port : wantedPort != 0 ? wantedPort : freePort();
      ServerProcess candidate = ServerProcess.spawn(command(candidatePort), directory(), logFile());
      deadline.reaches(() -> closing || !candidate.isAlive() || answers(candidate, candidatePort));
      if (!closing && candidate.isAlive() && answers(candidate, candidatePort)) {
        port = candidatePort;
        return candidate;
      }
      boolean tooLate = candidate.isAlive();
      candidate.kill();
      strays().killAll();
      if (closing) {
        throw new StoreStartException(label() + " was closed while it started");
      }
      if (tooLate) {
        throw new StoreStartException("%s did not answer within %d s; see %s"
            .formatted(label(), options.startWithin().toSeconds(), logFile()));
      }
      judge(candidate, candidatePort, deadline);
    }
  }

  /** Returns when another try makes sense, else throws. */
  private void judge(ServerProcess failed, int failedPort, Deadline deadline) {
    boolean portTaken = PORT_TAKEN.matcher(failed.output()).find();
    boolean ourChoice = port == 0 && wantedPort == 0;
    if (portTaken && !ourChoice) {
      throw new StoreStartException(
          "%s cannot listen on 127.0.0.1:%d, as another process does; stop that one, or choose another port"
              .formatted(label(), failedPort));
    }
    String complaint = failed.complaint();
    boolean again = portTaken || passesByItself(complaint);
    if (!again || deadline.isOver()) {
      throw new StoreStartException(
          "%s does not start: %s (more in %s)".formatted(label(), complaint, logFile()));
    }
    LOG.debug("{} is tried again after: {}", label(), complaint);
    Deadline.after(BETWEEN_TRIES).reaches(() -> closing);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new StoreStartException("No free port on 127.0.0.1: " + e.getMessage(), e);
    }
  }

  private void watch(ServerProcess watched) {
    Thread thread =
        new Thread(() -> afterTheEndOf(watched), "madang-" + program() + "-" + watched.pid());
    thread.setDaemon(true);
    thread.start();
  }

  private void afterTheEndOf(ServerProcess watched) {
    try {
      watched.awaitEnd();
      revive(watched);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void revive(ServerProcess ended) throws InterruptedException {
    if (life != ended || closing) {
      return;
    }
    LOG.warn("{} ended unasked ({}): {}", label(), ended.exit(), ended.complaint());
    long pauseMs = FIRST_REVIVAL_MS;
    while (options.revive() && life == ended && !closing) {
      try {
        start();
      } catch (RuntimeException e) {
        LOG.error("{} cannot be brought back yet: {}", label(), e.getMessage());
        // start() forgot the old life; while it stands here, nobody else has decided anything.
        life = ended;
        wait(pauseMs);
        pauseMs = Math.min(2 * pauseMs, SLOWEST_REVIVAL_MS);
      }
    }
  }

  /** Stops it cleanly within the options' time, else kills it. It stays down until it is started. */
  public final synchronized void stop() {
    ServerProcess ending = life;
    life = null;
    notifyAll();
    if (ending == null) {
      return;
    }
    if (ending.isAlive()) {
      HostCommand.signal(ending.pid(), stopSignal());
      if (!ending.endsWithin(options.stopWithin())) {
        LOG.warn(
            "{} did not stop within {} s and is killed",
            label(),
            options.stopWithin().toSeconds());
        ending.kill();
      }
    }
    // A server's children follow it within a moment; what does not is killed.
    if (!Deadline.after(AFTER_LAST_WORD).reaches(strays()::none)) {
      strays().killAll();
    }
  }

  /** Kills it as a crash would, with all its children. It stays down until it is started. */
  public final synchronized void kill() {
    ServerProcess ending = life;
    life = null;
    notifyAll();
    if (ending != null) {
      ending.kill();
      ending.endsWithin(AFTER_LAST_WORD);
      strays().killAll();
    }
  }

  /** Stops it if it runs, and starts it on the same port. */
  public final synchronized void restart() {
    stop();
    start();
  }

  /** Stops it for good, and lets go of the directory if it was opened for this store alone. */
  @Override
  public final void close() {
    closing = true;
    synchronized (this) {
      stop();
      if (ownsData) {
        data.close();
      }
    }
  }

  final Path logFile() {
    return data.run().resolve(program() + ".log");
  }

  final StrayServers strays() {
    return new StrayServers(program(), directory());
  }
}
