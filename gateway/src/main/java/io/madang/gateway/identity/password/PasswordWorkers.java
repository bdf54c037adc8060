package io.madang.gateway.identity.password;

import io.madang.gateway.identity.account.Refusal;
import io.madang.gateway.identity.account.RefusedException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;

/**
 * The threads that hash passwords, and the short queue before them. Shared by all event loops of a process: each answer
 * arrives on the loop that asked. When the queue is full a task is refused at once with {@link Refusal#UNAVAILABLE},
 * because a sign-in that waits for minutes is worth less than one that is told to come back.
 */
public final class PasswordWorkers {
  /** A guess at one hash, for telling people when to come back. */
  private static final Duration ONE_HASH = Duration.ofMillis(100);

  private final WorkerExecutor threads;
  private final Duration retryAfter;

  /** Permits for tasks running and waiting; the executor's own queue has no bound. */
  private final Semaphore places;

  public PasswordWorkers(Vertx vertx, int workers, int queue) {
    this.threads = vertx.createSharedWorkerExecutor("madang-passwords", workers);
    this.places = new Semaphore(workers + queue);
    this.retryAfter = Duration.ofSeconds(1).plus(ONE_HASH.multipliedBy(queue).dividedBy(workers));
  }

  /** Runs a blocking task. Fails with {@link RefusedException} when the queue is full, else as the task does. */
  public <T> Future<T> run(Callable<T> task) {
    if (!places.tryAcquire()) {
      return Future.failedFuture(new RefusedException(
          Refusal.UNAVAILABLE, "Too many people are signing in; try again shortly.", retryAfter));
    }
    return threads.executeBlocking(() -> runAndLeave(task), false);
  }

  private <T> T runAndLeave(Callable<T> task) throws Exception {
    try {
      return task.call();
    } finally {
      places.release();
    }
  }

  public Future<Void> close() {
    return threads.close();
  }
}
