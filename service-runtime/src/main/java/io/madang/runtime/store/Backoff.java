package io.madang.runtime.store;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Pauses between tries: doubled after each failure up to a limit, the upper half of each left to chance, so that many nodes
 * that lost the same store do not return in step.
 *
 * @param first the pause after the first failure, at most
 * @param longest the limit of all pauses
 */
public record Backoff(Duration first, Duration longest) {
  private static final int MAX_DOUBLINGS = 20;

  public Backoff {
    if (first.toMillis() < 1 || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "A back-off goes from at least 1 ms to no less, not " + first + " to " + longest);
    }
  }

  /** From 100 ms to 3 s. */
  public static Backoff standard() {
    return new Backoff(Duration.ofMillis(100), Duration.ofSeconds(3));
  }

  /**
   * The pause before the next try, at least 1 ms.
   *
   * @param failures how many tries failed in a row, at least 1
   */
  public long pauseMs(int failures) {
    long doubled = first.toMillis() << Math.min(failures - 1, MAX_DOUBLINGS);
    long limit = Math.min(doubled, longest.toMillis());
    return Math.max(1, ThreadLocalRandom.current().nextLong(limit / 2, limit + 1));
  }
}
