package io.madang.notification;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * Carries out one user's commands one after the other, so that this node publishes them in the order of their offsets.
 * Users share a fixed number of lanes. Touched on the service's event loop only.
 */
final class UserLanes {
  private final List<Lane> lanes = new ArrayList<>();
  private final int maxWaiting;

  /**
   * @param count of lanes, which is how many commands are under way at most
   * @param maxWaiting commands waiting in one lane; more are turned away
   */
  UserLanes(int count, int maxWaiting) {
    this.maxWaiting = maxWaiting;
    for (int i = 0; i < count; i++) {
      lanes.add(new Lane());
    }
  }

  /** Does {@code work} when everything of the lane of {@code user} before it is done; fails at once when the lane is full. */
  <T> Future<T> inOrder(String user, Supplier<Future<T>> work) {
    return lanes.get(Math.floorMod(user.hashCode(), lanes.size())).add(work);
  }

  private final class Lane {
    /** What waits, oldest first. */
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();

    /** Whether something is under way. */
    private boolean busy;

    <T> Future<T> add(Supplier<Future<T>> work) {
      if (!busy) {
        busy = true;
        return run(work);
      }
      if (waiting.size() >= maxWaiting) {
        return Future.failedFuture(new RejectedExecutionException("too many commands wait for the database"));
      }
      Promise<T> promise = Promise.promise();
      waiting.add(() -> run(work).onComplete(promise));
      return promise.future();
    }

    private <T> Future<T> run(Supplier<Future<T>> work) {
      return Future.<Void>succeededFuture().compose(start -> work.get()).eventually(this::next);
    }

    /** Starts what waits longest. Its own end comes later, so the chain does not grow. */
    private Future<Void> next() {
      Runnable following = waiting.poll();
      if (following == null) {
        busy = false;
      } else {
        following.run();
      }
      return Future.succeededFuture();
    }
  }
}
