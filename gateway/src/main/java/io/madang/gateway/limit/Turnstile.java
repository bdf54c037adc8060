package io.madang.gateway.limit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work for clients that come in, done a slice at a time: between two slices the event loop does what those who are in wait for.
 * So a crowd that comes back at once costs them some milliseconds and not the time it takes to let all of it in; and while
 * nobody else wants anything, nothing is lost by it.
 *
 * <p>Belongs to one event loop. Holds as many tasks as connections are coming in, which admission and the time they have for it
 * bound. Tasks are done in the order they came.
 */
public final class Turnstile implements Executor {
  private static final Logger LOG = LoggerFactory.getLogger(Turnstile.class);

  /** A slice ends with the task that made it so long. */
  static final long SLICE_NANOS = 10_000_000;

  private final Executor nextTurn;
  private final LongSupplier nanos;
  private final Deque<Runnable> waiting = new ArrayDeque<>();

  /** Whether a slice is on its way. */
  private boolean isTurning;

  /**
   * @param nextTurn runs a task on the loop, behind what is there to be read and done by then
   * @param nanos a clock that goes only forward
   */
  public Turnstile(Executor nextTurn, LongSupplier nanos) {
    this.nextTurn = nextTurn;
    this.nanos = nanos;
  }

  @Override
  public void execute(Runnable task) {
    waiting.addLast(task);
    if (!isTurning) {
      isTurning = true;
      nextTurn.execute(this::turn);
    }
  }

  private void turn() {
    long begun = nanos.getAsLong();
    do {
      letIn(waiting.removeFirst());
    } while (!waiting.isEmpty() && nanos.getAsLong() - begun < SLICE_NANOS);
    if (waiting.isEmpty()) {
      isTurning = false;
    } else {
      nextTurn.execute(this::turn);
    }
  }

  /** A bug that one client meets must not keep the others out. */
  private static void letIn(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("A bug met a client that came in", e);
    }
  }
}
