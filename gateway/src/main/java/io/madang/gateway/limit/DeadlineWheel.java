package io.madang.gateway.limit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All the deadlines of one event loop, driven by one timer. A deadline is met between its time and one tick later; it costs
 * an entry in a ring, which it leaves when it is cancelled: connections that come and go leave nothing. Belongs to one event loop.
 */
public final class DeadlineWheel {
  private static final Logger LOG = LoggerFactory.getLogger(DeadlineWheel.class);

  /** How often {@link #advance} should be called. */
  public static final long TICK_MS = 250;

  private static final int SLOTS = 512;

  /** Something to be done at a time, unless it is cancelled before. */
  public static final class Deadline {
    private final long dueMs;

    /** Null once it is cancelled, and of a ring's beginning. */
    private Runnable action;

    /** Its neighbours in the ring of its slot; itself when it is in none. */
    private Deadline previous = this;

    private Deadline next = this;

    private Deadline(long dueMs, Runnable action) {
      this.dueMs = dueMs;
      this.action = action;
    }

    static Deadline beginningOfRing() {
      return new Deadline(0, null);
    }

    /** Does nothing if its time has come already. */
    public void cancel() {
      leave();
      action = null;
    }

    private void leave() {
      previous.next = next;
      next.previous = previous;
      previous = this;
      next = this;
    }

    private void joinRing(Deadline beginning) {
      previous = beginning.previous;
      next = beginning;
      previous.next = this;
      beginning.previous = this;
    }
  }

  /** The beginning of each slot's ring. */
  private final Deadline[] slots = new Deadline[SLOTS];

  /** Number of the last tick whose slot was emptied. */
  private long tick;

  public DeadlineWheel(long nowMs) {
    for (int slot = 0; slot < SLOTS; slot++) {
      slots[slot] = Deadline.beginningOfRing();
    }
    this.tick = nowMs / TICK_MS;
  }

  /** Does {@code action} at {@code dueMs}, on the loop that calls {@link #advance}. */
  public Deadline at(long dueMs, Runnable action) {
    Deadline deadline = new Deadline(dueMs, action);
    place(deadline);
    return deadline;
  }

  /** Meets every deadline that is due. An action may set new deadlines; one that throws costs the others nothing. */
  public void advance(long nowMs) {
    long last = nowMs / TICK_MS;
    // After a long pause one round empties every slot; the deadlines themselves know whether they
    // are due.
    tick = Math.max(tick, last - SLOTS);
    while (tick < last) {
      tick++;
      empty(slots[(int) (tick % SLOTS)], nowMs);
    }
  }

  private void empty(Deadline slot, long nowMs) {
    // What is placed meanwhile may come into the same slot, and is not looked at in this round.
    Deadline due = Deadline.beginningOfRing();
    due.joinRing(slot);
    slot.leave();
    while (due.next != due) {
      Deadline deadline = due.next;
      deadline.leave();
      if (deadline.dueMs > nowMs) {
        place(deadline);
      } else {
        meet(deadline);
      }
    }
  }

  private static void meet(Deadline deadline) {
    try {
      deadline.action.run();
    } catch (RuntimeException e) {
      LOG.error("A bug met a deadline", e);
    }
  }

  private void place(Deadline deadline) {
    long due = Math.max(tick + 1, Math.floorDiv(deadline.dueMs + TICK_MS - 1, TICK_MS));
    // What lies beyond the horizon waits in the farthest slot and is placed again from there.
    deadline.joinRing(slots[(int) (Math.min(due, tick + SLOTS - 1) % SLOTS)]);
  }
}
