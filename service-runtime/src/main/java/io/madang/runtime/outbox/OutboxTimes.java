package io.madang.runtime.outbox;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * When a relay does what.
 *
 * @param lookEvery how often it looks for rows that nobody called it for
 * @param lease how long a row is one relay's alone; longer than a command may take to be answered
 * @param firstPause after the first failure of a row, at most
 * @param longestPause after any
 * @param attempts after which a row is dead
 * @param batch rows under way at once
 */
public record OutboxTimes(
    Duration lookEvery,
    Duration lease,
    Duration firstPause,
    Duration longestPause,
    int attempts,
    int batch) {
  private static final int MAX_DOUBLINGS = 30;

  /** Looks each second, leases 30 s, pauses 500 ms to 5 min, gives up after 300 attempts (about a day), 64 at once. */
  public static OutboxTimes standard() {
    return new OutboxTimes(
        Duration.ofSeconds(1),
        Duration.ofSeconds(30),
        Duration.ofMillis(500),
        Duration.ofMinutes(5),
        300,
        64);
  }

  /** The pause after so many failures; the upper half is left to chance, so that rows that failed together part. */
  long pauseMs(int failures) {
    long doubled = firstPause.toMillis() << Math.min(failures - 1, MAX_DOUBLINGS);
    long limit =
        doubled <= 0 ? longestPause.toMillis() : Math.min(doubled, longestPause.toMillis());
    return Math.max(1, ThreadLocalRandom.current().nextLong(limit / 2, limit + 1));
  }
}
