package io.madang.benchmarks.generator;

/**
 * When each message of a load is due: message n, n intervals after the first, whatever became of the ones before. Knows no clock;
 * times are those of {@link System#nanoTime}.
 */
final class Schedule {
  private static final long SECOND = 1_000_000_000L;

  private final long begin;
  private final int perSecond;
  private final long count;

  /** Number of the message that is due next. */
  private long next;

  /**
   * @param perSecond messages a second
   * @param count messages in all
   */
  Schedule(long begin, int perSecond, long count) {
    this.begin = begin;
    this.perSecond = perSecond;
    this.count = count;
  }

  long dueNanos(long number) {
    return begin + number / perSecond * SECOND + number % perSecond * SECOND / perSecond;
  }

  boolean isOver() {
    return next == count;
  }

  /** Whether one is due by then; it is the message {@link #take()} gives. */
  boolean isDue(long now) {
    return next < count && now - dueNanos(next) >= 0;
  }

  /** The next message's number. */
  long take() {
    return next++;
  }

  /** How long until the next one is due; not positive when it is. */
  long nanosUntilDue(long now) {
    return dueNanos(next) - now;
  }
}
