package io.madang.gateway.limit;

import java.util.ArrayList;
import java.util.List;

/**
 * All the deadlines of one event loop, driven by one timer. A deadline is met between its time and one tick later; it costs
 * an entry in a list, and cancelling it costs nothing. Belongs to one event loop.
 */
public final class DeadlineWheel {
  /** How often {@link #advance} should be called. */
  public static final long TICK_MS = 250;

  private static final int SLOTS = 512;

  /** Something to be done at a time, unless it is cancelled before. */
  public static final class Deadline {
    private final long dueMs;
    private final Runnable action;
    private boolean cancelled;

    private Deadline(long dueMs, Runnable action) {
      this.dueMs = dueMs;
      this.action = action;
    }

    public void cancel() {
      cancelled = true;
    }
  }

  private final List<List<Deadline>> slots = new ArrayList<>(SLOTS);

  /** Number of the last tick whose slot was emptied. */
  private long tick;

  public DeadlineWheel(long nowMs) {
    for (int slot = 0; slot < SLOTS; slot++) {
      slots.add(new ArrayList<>());
    }
    this.tick = nowMs / TICK_MS;
  }

  /** Does {@code action} at {@code dueMs}, on the loop that calls {@link #advance}. */
  public Deadline at(long dueMs, Runnable action) {
    Deadline deadline = new Deadline(dueMs, action);
    place(deadline);
    return deadline;
  }

  /** Meets every deadline that is due. An action may set new deadlines; it must not throw. */
  public void advance(long nowMs) {
    long last = nowMs / TICK_MS;
    // After a long pause one round empties every slot; the deadlines themselves know whether they
    // are due.
    tick = Math.max(tick, last - SLOTS);
    while (tick < last) {
      tick++;
      int slot = (int) (tick % SLOTS);
      List<Deadline> due = slots.set(slot, new ArrayList<>());
      for (Deadline deadline : due) {
        if (deadline.cancelled) {
          continue;
        }
        if (deadline.dueMs > nowMs) {
          place(deadline);
        } else {
          deadline.action.run();
        }
      }
    }
  }

  private void place(Deadline deadline) {
    long due = Math.max(tick + 1, Math.floorDiv(deadline.dueMs + TICK_MS - 1, TICK_MS));
    // What lies beyond the horizon waits in the farthest slot and is placed again from there.
    slots.get((int) (Math.min(due, tick + SLOTS - 1) % SLOTS)).add(deadline);
  }
}
