package io.madang.gateway.fanout;

import java.util.random.RandomGenerator;

/** How long to wait before the next try: twice as long after each failure, and never as long as others do. */
final class Patience {
  private static final int SHORTEST_MS = 100;
  private static final int LONGEST_MS = 5_000;

  private int millis = SHORTEST_MS;

  /** It failed: the wait until the next try. */
  int failed(RandomGenerator dice) {
    int wait = millis / 2 + dice.nextInt(millis);
    millis = Math.min(LONGEST_MS, millis * 2);
    return wait;
  }

  /** It worked. */
  void succeeded() {
    millis = SHORTEST_MS;
  }
}
