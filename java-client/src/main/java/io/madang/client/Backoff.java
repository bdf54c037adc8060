package io.madang.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Waits between attempts: each is chosen anywhere between nothing and a bound that doubles up to its end, so that clients
 * which lost one gateway together do not come back together. Touched on the client's thread only.
 */
final class Backoff {
  private final Duration first;
  private final Duration last;
  private final RandomGenerator random;

  /** Bound of the next wait. */
  private Duration bound;

  Backoff(Duration first, Duration last, RandomGenerator random) {
    this.first = first;
    this.last = last;
    this.random = random;
    this.bound = first;
  }

  Duration next() {
    Duration wait = Duration.ofMillis(random.nextLong(bound.toMillis() + 1));
    Duration doubled = bound.multipliedBy(2);
    bound = doubled.compareTo(last) > 0 ? last : doubled;
    return wait;
  }

  /** A connection has lasted: the next loss is a new story. */
  void reset() {
    bound = first;
  }
}
