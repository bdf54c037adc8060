package io.madang.presence;

import io.madang.presence.store.PresenceStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the two things that wait for time to pass: removes who is gone, every while, and brings topic {@code online} up to
 * date, a moment after someone changed. Every node runs one. One run of each kind at a time; one that fails is tried again
 * at the next beat. Touched on the service's event loop only.
 */
final class Sweeper {
  private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);

  /** Runs without a pause when much waits; then the next beat goes on, so that nothing else starves. */
  private static final int MAX_RUNS = 50;

  private final Vertx vertx;
  private final PresenceStore store;
  private final Duration sweepEvery;
  private final Duration onlineAfter;

  private boolean stopped;
  private boolean sweeping;
  private boolean flushing;

  /** Whether the store answered the last sweep, so that an outage is logged once. */
  private boolean wellBefore = true;

  private long beat = -1;

  Sweeper(Vertx vertx, PresenceStore store, Duration sweepEvery, Duration onlineAfter) {
    this.vertx = vertx;
    this.store = store;
    this.sweepEvery = sweepEvery;
    this.onlineAfter = onlineAfter;
  }

  void start() {
    beat = vertx.setPeriodic(sweepEvery.toMillis(), timer -> sweep());
  }

  void stop() {
    stopped = true;
    vertx.cancelTimer(beat);
  }

  /** Someone's place in topic {@code online} may have changed. */
  void onlineWaits() {
    if (!flushing && !stopped) {
      flushing = true;
      vertx.setTimer(onlineAfter.toMillis(), timer -> flush());
    }
  }

  Future<Void> sweepNow() {
    return untilDone(store::sweep, MAX_RUNS);
  }

  private void sweep() {
    if (sweeping) {
      return;
    }
    sweeping = true;
    sweepNow().onComplete(result -> {
      sweeping = false;
      if (result.failed() && wellBefore) {
        LOG.warn("Presence cannot be swept: {}", result.cause().toString());
      }
      wellBefore = result.succeeded();
    });
  }

  private void flush() {
    // What fails here is done by the next sweep.
    untilDone(store::flush, MAX_RUNS).onComplete(result -> flushing = false);
  }

  private Future<Void> untilDone(Supplier<Future<Boolean>> step, int runs) {
    return step.get()
        .compose(more ->
            more && runs > 1 && !stopped ? untilDone(step, runs - 1) : Future.succeededFuture());
  }
}
