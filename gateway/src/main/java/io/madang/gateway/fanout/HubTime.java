package io.madang.gateway.fanout;

import io.vertx.core.Vertx;

/** What the hub knows of time: it can wait. Tests own theirs. Called on the hub's loop. */
public interface HubTime {

  /** Runs the task once, on the hub's loop, when so many milliseconds have passed; at least one passes. */
  Timer after(long millis, Runnable task);

  /** A task that waits for its time. */
  @FunctionalInterface
  interface Timer {
    /** The task is not run any more; does nothing when it was. */
    void cancel();
  }

  /** Timers of the calling event loop. */
  static HubTime of(Vertx vertx) {
    return (millis, task) -> {
      long id = vertx.setTimer(Math.max(1, millis), due -> task.run());
      return () -> vertx.cancelTimer(id);
    };
  }
}
