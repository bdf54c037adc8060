package io.madang.testkit;

import java.util.Random;
import java.util.stream.LongStream;

/**
 * Holds a property to many random cases, each made from a seed of its own. A case that fails says its seed. The system
 * property {@value #ONE} set to a seed runs that case alone; {@value #COUNT} set to a number runs so many cases instead.
 */
public final class Seeds {
  /** System property: the seed to run alone. */
  public static final String ONE = "madang.test.seed";

  /** System property: how many seeds to run. */
  public static final String COUNT = "madang.test.seeds";

  private Seeds() {}

  /** What must hold in every case. */
  public interface Property {
    /** @param random all that is random in this case comes from it */
    void holds(Random random) throws Exception;
  }

  /** Tries the seeds from 1 on, so that every run tries the same. */
  public static void upTo(int count, Property property) {
    Long one = Long.getLong(ONE);
    long last = Long.getLong(COUNT, count);
    long[] seeds = one == null ? LongStream.rangeClosed(1, last).toArray() : new long[] {one};
    for (long seed : seeds) {
      try {
        property.holds(new Random(seed));
      } catch (Exception | AssertionError e) {
        throw new AssertionError(
            "does not hold for seed %d (-D%s=%d): %s".formatted(seed, ONE, seed, e.getMessage()),
            e);
      }
    }
  }
}
