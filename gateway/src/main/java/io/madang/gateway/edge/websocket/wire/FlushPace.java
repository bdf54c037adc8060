package io.madang.gateway.edge.websocket.wire;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * When a loop flushes: later in the turn; and after a flush that took long, not before as much time has passed again. So a loop
 * with much to write leaves half of its time to all else, and what comes meanwhile goes out together: more at a time instead of
 * more often, which costs less for each. Where little is written, nothing waits. Belongs to one event loop.
 */
final class FlushPace implements Executor {
  /** A flush that took no longer is not waited for. */
  static final Duration SHORT = Duration.ofMillis(1);

  /** What is written waits no longer than this. */
  static final Duration LONGEST_WAIT = Duration.ofMillis(10);

  /** The loop. */
  interface Loop {
    /** Runs the task behind those that wait already. */
    void later(Runnable task);

    /** Runs the task after so many nanoseconds. */
    void after(long nanos, Runnable task);
  }

  private final Loop loop;
  private final LongSupplier clockNanos;

  /** The next flush is not before; in the past when it need not wait. */
  private long notBeforeNanos;

  FlushPace(Loop loop, LongSupplier clockNanos) {
    this.loop = loop;
    this.clockNanos = clockNanos;
    this.notBeforeNanos = clockNanos.getAsLong();
  }

  /** @param flush of all that was written until it runs */
  @Override
  public void execute(Runnable flush) {
    long wait = notBeforeNanos - clockNanos.getAsLong();
    if (wait <= 0) {
      loop.later(() -> timed(flush));
    } else {
      loop.after(wait, () -> timed(flush));
    }
  }

  private void timed(Runnable flush) {
    long begin = clockNanos.getAsLong();
    flush.run();
    long end = clockNanos.getAsLong();
    long took = end - begin;
    notBeforeNanos = took <= SHORT.toNanos() ? end : end + Math.min(took, LONGEST_WAIT.toNanos());
  }
}
