package io.madang.runtime.time;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * What a node tells the time by, and what it rolls to spread over a while that which all nodes would else do in one moment. Safe
 * on any thread. With those of a simulation a run of a whole mesh can be told again.
 */
public interface NodeTime {

  /** Nanoseconds of a clock that only goes forward: good for differences alone. */
  long nanos();

  /** Where chance comes from; asked for anew each time, by the thread that rolls. */
  RandomGenerator dice();

  /** As {@link #nanos}, in milliseconds. */
  default long millis() {
    return TimeUnit.NANOSECONDS.toMillis(nanos());
  }

  /** This machine's. */
  static NodeTime system() {
    return new NodeTime() {
      @Override
      public long nanos() {
        return System.nanoTime();
      }

      @Override
      public RandomGenerator dice() {
        return ThreadLocalRandom.current();
      }
    };
  }
}
