package io.madang.chat.sequencer;

import io.madang.runtime.postgres.PostgresLink;
import io.madang.runtime.store.StoreUnavailableException;
import io.madang.runtime.store.StoreUnavailableException.Reason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One queue, one connection, one call under way: sends at the head of the queue go together as a group, anything else alone,
 * all in the order they came. While a call is under way the next group gathers by itself, and after it for as long as it took,
 * up to a limit: a call by itself costs the store as much as six messages in it, so that calls in a hurry cost more time than they
 * save once processors are busy.
 *
 * <p>A group that fails as a whole is given again one by one: the store knows by their ids those that were kept all the same.
 * What is alone and fails again has failed, unless it was the connection that was lost. Work that waited longer than its limit
 * is never begun.
 *
 * <p>Touched on the service's event loop only.
 */
final class Lane {
  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

  /** Characters in one group, about as many bytes as the store takes in one go. */
  private static final int MAX_GROUP_WEIGHT = 512 * 1024;

  /** Times that something is given to the store, when each time the connection was lost. */
  private static final int MAX_ATTEMPTS = 3;

  /** A value that two commands may race for, which the second finds there the next time; a deadlock. */
  private static final Set<String> PASSING_STATES = Set.of("23505", "40P01");

  /** The lock of a row was not had within {@code lock_timeout}. */
  private static final String LOCK_NOT_HAD = "55P03";

  /** No connection; too many of them. */
  private static final Set<String> PASSING_CLASSES = Set.of("08", "53");

  private final Vertx vertx;
  private final PostgresLink link;
  private final LaneLimits limits;
  private final IntConsumer onGroup;

  /** What waits, oldest first. */
  private final Deque<Work<?>> queue = new ArrayDeque<>();

  /** Whether a call is under way. */
  private boolean busy;

  /** Set once by {@link #close}. */
  private boolean closed;

  /** Completed when the call that was under way at the closing has ended. */
  private final Promise<Void> idle = Promise.promise();

  /** Until when the lane rests, in nanoseconds of {@link System#nanoTime}. */
  private long restUntil = System.nanoTime();

  /**
   * Timer that begins the next group when the rest is over, or looks for work that waited too long while there is no
   * connection; -1 when none is set.
   */
  private long timer = -1;

  /** When that timer goes off, in nanoseconds of {@link System#nanoTime}. */
  private long timerAt;

  /** @param onGroup told the size of each group */
  Lane(Vertx vertx, PostgresLink link, LaneLimits limits, IntConsumer onGroup) {
    this.vertx = vertx;
    this.link = link;
    this.limits = limits;
    this.onGroup = onGroup;
    link.onReconnect(this::run);
  }

  /** Something that waits, and who waits for it. */
  private abstract static class Work<T> {
    final Promise<T> promise = Promise.promise();
    final long since = System.nanoTime();

    /** Times it was given to the store. */
    int attempts;

    /** Whether it goes without others, as it may be what made a group fail. */
    boolean alone;
  }

  private static final class SendWork extends Work<SendOutcome> {
    final Send send;

    SendWork(Send send) {
      this.send = send;
    }
  }

  private static final class CallWork extends Work<Outcome> {
    final StoreCall call;

    CallWork(StoreCall call) {
      this.call = call;
    }
  }

  Future<SendOutcome> send(Send send) {
    return enqueue(new SendWork(send));
  }

  Future<Outcome> call(StoreCall call) {
    return enqueue(new CallWork(call));
  }

  int waiting() {
    return queue.size();
  }

  PostgresLink link() {
    return link;
  }

  private <T> Future<T> enqueue(Work<T> work) {
    if (closed) {
      return Future.failedFuture(stopping());
    }
    if (queue.size() >= limits.queue()) {
      return Future.failedFuture(
          new StoreUnavailableException(Reason.BUSY, "too many commands wait", null));
    }
    queue.add(work);
    run();
    return work.promise.future();
  }

  private void run() {
    if (busy) {
      return;
    }
    dropOverdue();
    if (queue.isEmpty()) {
      return;
    }
    if (!link.isUp()) {
      runIn(limits.waitLimit().toMillis() - waitedMs(queue.peek()) + 1);
    } else if (queue.peek() instanceof CallWork) {
      busy = true;
      giveCall((CallWork) queue.remove());
    } else if (queue.size() < limits.group() / 4 && restLeft() > 0) {
      runIn(TimeUnit.NANOSECONDS.toMillis(restLeft()));
    } else {
      busy = true;
      giveGroup(nextGroup());
    }
  }

  /** Nanoseconds. */
  private long restLeft() {
    return restUntil - System.nanoTime();
  }

  private void runIn(long millis) {
    long at = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Math.max(1, millis));
    if (timer != -1 && timerAt - at <= 0) {
      return;
    }
    vertx.cancelTimer(timer);
    timerAt = at;
    timer = vertx.setTimer(Math.max(1, millis), id -> {
      timer = -1;
      run();
    });
  }

  private void dropOverdue() {
    while (!queue.isEmpty() && waitedMs(queue.peek()) > limits.waitLimit().toMillis()) {
      queue
          .remove()
          .promise
          .fail(new StoreUnavailableException(
              Reason.BUSY, link.problem().orElse("the command waited too long"), null));
    }
  }

  private static long waitedMs(Work<?> work) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - work.since);
  }

  /** Sends from the head of the queue; two with one id are not in one group, the second is a repeat of the first. */
  private List<SendWork> nextGroup() {
    List<SendWork> group = new ArrayList<>();
    Set<UUID> keys = new HashSet<>();
    int weight = 0;
    while (group.size() < limits.group() && queue.peek() instanceof SendWork work) {
      weight += work.send.weight();
      boolean fits = weight <= MAX_GROUP_WEIGHT && !work.alone;
      if (!group.isEmpty() && (!fits || !keys.add(work.send.issued().key()))) {
        break;
      }
      keys.add(work.send.issued().key());
      group.add(work);
      queue.remove();
      if (work.alone) {
        break;
      }
    }
    return group;
  }

  private void giveGroup(List<SendWork> group) {
    onGroup.accept(group.size());
    List<Send> sends = group.stream().map(work -> work.send).toList();
    long begun = System.nanoTime();
    link.with(connection -> SendStatement.execute(connection, sends))
        .onComplete(ended -> rest(System.nanoTime() - begun))
        .onComplete(
            outcomes -> {
              for (int i = 0; i < group.size(); i++) {
                group.get(i).promise.complete(outcomes.get(i));
              }
              next();
            },
            failure -> {
              onFailure(group, failure);
              next();
            });
  }

  private void rest(long tookNanos) {
    restUntil = System.nanoTime() + Math.min(tookNanos, limits.rest().toNanos());
  }

  private void giveCall(CallWork work) {
    link.with(connection -> work.call.on(connection))
        .onComplete(
            outcome -> {
              work.promise.complete(outcome);
              next();
            },
            failure -> {
              onFailure(List.of(work), failure);
              next();
            });
  }

  private void next() {
    busy = false;
    if (closed) {
      idle.tryComplete();
    } else {
      run();
    }
  }

  /** Puts back at the head, in their order, those worth another try; the others have failed. */
  private void onFailure(List<? extends Work<?>> group, Throwable failure) {
    LOG.debug("A group of {} failed", group.size(), failure);
    boolean nothingDone =
        failure instanceof StoreUnavailableException away && away.nothingWasSent();
    boolean again = !closed && (nothingDone || group.size() > 1 || mayPass(failure));
    List<Work<?>> kept = new ArrayList<>();
    for (Work<?> work : group) {
      work.attempts += nothingDone ? 0 : 1;
      work.alone = work.alone || !nothingDone;
      if (again && work.attempts < MAX_ATTEMPTS) {
        kept.add(work);
      } else {
        work.promise.fail(asTold(failure));
      }
    }
    for (int i = kept.size() - 1; i >= 0; i--) {
      queue.addFirst(kept.get(i));
    }
  }

  /** Who waited for a row in vain has changed nothing, and may ask again. */
  private static Throwable asTold(Throwable failure) {
    return failure instanceof PgException refusal && refusal.getSqlState().equals(LOCK_NOT_HAD)
        ? new StoreUnavailableException(
            Reason.BUSY, "somebody else holds the row for too long", failure)
        : failure;
  }

  /** The connection went, or two commands met in one moment. */
  private static boolean mayPass(Throwable failure) {
    if (failure instanceof PgException refusal) {
      String state = refusal.getSqlState();
      return PASSING_STATES.contains(state) || PASSING_CLASSES.contains(state.substring(0, 2));
    }
    return failure instanceof StoreUnavailableException;
  }

  /** Fails what waits, lets the call under way end, and lets go of the connection. */
  Future<Void> close() {
    closed = true;
    vertx.cancelTimer(timer);
    queue.forEach(work -> work.promise.fail(stopping()));
    queue.clear();
    return (busy ? idle.future() : Future.<Void>succeededFuture()).eventually(link::close);
  }

  private static StoreUnavailableException stopping() {
    return new StoreUnavailableException(Reason.DOWN, "the service stops", null);
  }
}
