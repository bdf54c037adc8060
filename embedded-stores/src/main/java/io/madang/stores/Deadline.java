package io.madang.stores;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A moment by which something outside this JVM has to have happened. */
final class Deadline {
  /** Other processes tell us nothing when they are done, so they are looked at this often. */
  private static final long LOOK_EVERY_NANOS = Duration.ofMillis(10).toNanos();

  private final long end;

  private Deadline(long end) {
    this.end = end;
  }

  static Deadline after(Duration limit) {
    return new Deadline(System.nanoTime() + limit.toNanos());
  }

  boolean isOver() {
    return System.nanoTime() - end >= 0;
  }

  /** Time left, zero when over. */
  Duration left() {
    return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
  }

  /** Looks until it is so or the time is over; an interrupt ends it as well and stays set. */
  boolean reaches(BooleanSupplier done) {
    while (!done.getAsBoolean()) {
      if (isOver() || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
    return true;
  }
}
