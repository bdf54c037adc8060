package io.madang.runtime.store;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to a store that is replaced whenever it ends.
 *
 * <pre>
 *   connecting ── connected ──► up ── ended ──► pausing ──► connecting …
 *       └─────── failed ───────────────────────►┘        close() leads out of each
 * </pre>
 *
 * <p>Changes happen on the event loop of the context that made it. {@link #live} and {@link #problem} may be asked on any thread.
 *
 * @param <C> the connection
 */
public final class HeldConnection<C> {
  private static final Logger LOG = LoggerFactory.getLogger(HeldConnection.class);
  private static final long SAY_EVERY_MS = 5_000;

  /** How one kind of connection is made and dropped. Called on the event loop. */
  public interface Connector<C> {
    /**
     * Makes a connection.
     *
     * @param onEnd to be called when it ends, as often as one likes
     */
    Future<C> connect(Handler<Throwable> onEnd);

    /** Lets go of a connection at once, whatever is under way on it. */
    void drop(C connection);

    /** Whether waiting will not help against this failure: a wrong password, a database that does not exist. */
    boolean isFinal(Throwable failure);
  }

  private final Vertx vertx;
  private final Context context;
  private final String name;
  private final String setting;
  private final Connector<C> connector;
  private final Backoff backoff;
  private final Duration connectLimit;

  /** Told after each reconnect. Written before {@link #start} only. */
  private final List<Runnable> onReconnect = new ArrayList<>();

  /** The present connection; null while there is none. Written on the event loop. */
  private volatile C live;

  /** Why there is no connection, one sentence; null while there is one. Written on the event loop. */
  private volatile String problem;

  /** The connection under way or up; what others say is of the past. Event loop only. */
  private Life life;

  /** Tries that failed in a row. Event loop only. */
  private int failures;

  /** What the last try that failed said; null before the first. Event loop only. */
  private String lastFailure;

  /** When the connection was lost, or the first try began, by {@link System#nanoTime}. Event loop only. */
  private long downSince;

  /** When the log was last told that we wait, as above. Event loop only. */
  private long saidAt;

  /** Completed when the connection is up for the first time; null before {@link #start}. Event loop only. */
  private Promise<Void> started;

  /** Timer of the next try; -1 when none is set. Event loop only. */
  private long retryTimer = -1;

  /** Set once, on the event loop. */
  private volatile boolean closed;

  /**
   * @param name which store and where, as "Redis at 127.0.0.1:6379"
   * @param setting where its address is given, as "MADANG_REDIS_URL"
   * @param connectLimit how long one try may take
   */
  public HeldConnection(
      Vertx vertx,
      String name,
      String setting,
      Connector<C> connector,
      Backoff backoff,
      Duration connectLimit) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.name = Objects.requireNonNull(name);
    this.setting = Objects.requireNonNull(setting);
    this.connector = Objects.requireNonNull(connector);
    this.backoff = Objects.requireNonNull(backoff);
    this.connectLimit = Objects.requireNonNull(connectLimit);
    this.problem = name + " is not connected yet";
  }

  /** One try to connect and what came of it. */
  private final class Life {
    /** Null until the try has succeeded. */
    private C connection;

    /** Whether it failed or ended. */
    private boolean over;
  }

  /** Adds what is to be done, on the event loop, after each connect but the first. Before {@link #start} only. */
  public void onReconnect(Runnable action) {
    onReconnect.add(action);
  }

  /**
   * Connects and keeps connected.
   *
   * @param waitLimit how long the store may take to be there the first time
   * @return completed when connected; failed with {@link StoreStartException} when the limit is over, or at once when waiting
   *     does not help; nothing goes on after a failure
   */
  public Future<Void> start(Duration waitLimit) {
    Promise<Void> result = Promise.promise();
    context.runOnContext(nothing -> {
      if (started != null || closed) {
        result.fail(new IllegalStateException(name + " was started before"));
        return;
      }
      started = result;
      downSince = System.nanoTime();
      saidAt = downSince;
      long timer = vertx.setTimer(Math.max(1, waitLimit.toMillis()), id -> onWaitLimit(waitLimit));
      result.future().onComplete(done -> vertx.cancelTimer(timer));
      connect();
    });
    return result.future();
  }

  /** The connection, if there is one now. Any thread. */
  public Optional<C> live() {
    return Optional.ofNullable(live);
  }

  /** Why there is no connection, one sentence; empty while there is one. Any thread. */
  public Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  /** Says that a connection does not answer any more: it is dropped and replaced, unless it was already. Any thread. */
  public void giveUp(C connection, Throwable cause) {
    context.runOnContext(nothing -> {
      if (life != null && life.connection == connection) {
        onEnd(life, cause);
      }
    });
  }

  /** Drops the connection and makes no other. May be called again, on any thread. */
  public Future<Void> close() {
    Promise<Void> done = Promise.promise();
    context.runOnContext(nothing -> {
      shut(name + " is closed");
      if (started != null) {
        started.tryFail(
            new StoreStartException(name + " was closed before it was connected", null));
      }
      done.complete();
    });
    return done.future();
  }

  private void shut(String why) {
    closed = true;
    vertx.cancelTimer(retryTimer);
    Life last = life;
    life = null;
    live = null;
    problem = why;
    if (last != null && !last.over && last.connection != null) {
      last.over = true;
      connector.drop(last.connection);
    }
  }

  private void connect() {
    if (closed) {
      return;
    }
    Life next = new Life();
    life = next;
    Future<C> connecting;
    try {
      connecting = connector.connect(cause -> context.runOnContext(nothing -> onEnd(next, cause)));
    } catch (RuntimeException e) {
      connecting = Future.failedFuture(e);
    }
    // A try that succeeds after its limit must not leave a connection that nobody knows.
    connecting.onSuccess(
        connection -> context.runOnContext(nothing -> dropIfLate(next, connection)));
    connecting
        .timeout(connectLimit.toMillis(), TimeUnit.MILLISECONDS)
        .onComplete(
            connection -> context.runOnContext(nothing -> onConnected(next, connection)),
            cause -> context.runOnContext(nothing -> onFailed(next, cause)));
  }

  private void dropIfLate(Life which, C connection) {
    if (which != life || which.over) {
      connector.drop(connection);
    }
  }

  private void onConnected(Life which, C connection) {
    if (which != life || which.over) {
      return;
    }
    which.connection = connection;
    live = connection;
    problem = null;
    failures = 0;
    if (started.tryComplete()) {
      LOG.debug("{} is connected", name);
      return;
    }
    LOG.info("{} is back after {} ms", name, elapsedMs(downSince));
    onReconnect.forEach(this::tell);
  }

  private void tell(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      LOG.error("What was to be done after {} came back failed", name, e);
    }
  }

  private void onEnd(Life which, Throwable cause) {
    if (which != life || which.over) {
      return;
    }
    if (which.connection == null) {
      onFailed(which, cause == null ? new IllegalStateException("connection ended") : cause);
      return;
    }
    which.over = true;
    live = null;
    downSince = System.nanoTime();
    saidAt = downSince;
    problem = name + " was lost: " + textOf(cause);
    LOG.warn("{} was lost ({}); trying again", name, textOf(cause));
    connector.drop(which.connection);
    retry();
  }

  private void onFailed(Life which, Throwable cause) {
    if (which != life || which.over) {
      return;
    }
    which.over = true;
    lastFailure = textOf(cause);
    problem = name + " does not answer: " + lastFailure;
    if (!started.future().isComplete() && connector.isFinal(cause)) {
      giveUpStart(
          "%s turns us away (%s); correct %s, or let that user in there"
              .formatted(name, textOf(cause), setting),
          cause);
      return;
    }
    if (elapsedMs(saidAt) >= SAY_EVERY_MS) {
      saidAt = System.nanoTime();
      LOG.warn(
          "Waiting for {} for {} s now ({})", name, elapsedMs(downSince) / 1_000, textOf(cause));
    }
    retry();
  }

  private void onWaitLimit(Duration waitLimit) {
    if (!started.future().isComplete()) {
      String reason = lastFailure == null ? "no try has ended yet" : lastFailure;
      giveUpStart(
          "%s does not answer within %s (%s); start it or correct %s"
              .formatted(name, shown(waitLimit), reason, setting),
          null);
    }
  }

  private static String shown(Duration limit) {
    return limit.toMillis() % 1_000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
  }

  private void giveUpStart(String sentence, Throwable cause) {
    shut(sentence);
    started.tryFail(new StoreStartException(sentence, cause));
  }

  private void retry() {
    failures++;
    retryTimer = vertx.setTimer(backoff.pauseMs(failures), id -> connect());
  }

  private static long elapsedMs(long since) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
  }

  private static String textOf(Throwable cause) {
    if (cause == null) {
      return "connection ended";
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }
}
