package io.madang.dashboard.metric;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** How long things took: counts by upper bound, from any number of processes. */
final class Latencies {
  /** How many took at most this many seconds, but more than the bound below; the last bound may be infinite. */
  private final TreeMap<Double, Double> counts = new TreeMap<>();

  /**
   * Adds what one timer measured.
   *
   * @param cumulative by bound in seconds, how many took at most so long
   * @param total how many there were; those above the last bound count as longer than it
   */
  void add(Map<Double, Double> cumulative, double total) {
    double below = 0;
    for (Map.Entry<Double, Double> bucket : new TreeMap<>(cumulative).entrySet()) {
      counts.merge(bucket.getKey(), Math.max(0, bucket.getValue() - below), Double::sum);
      below = Math.max(below, bucket.getValue());
    }
    if (total > below) {
      counts.merge(Double.POSITIVE_INFINITY, total - below, Double::sum);
    }
  }

  void add(Latencies other) {
    other.counts.forEach((bound, count) -> counts.merge(bound, count, Double::sum));
  }

  /**
   * The time that a part of all things took at most, in milliseconds, evenly spread inside a bucket. What took longer than
   * the last finite bound counts as that bound: the true value is not known.
   */
  OptionalDouble quantileMs(double part) {
    double total = counts.values().stream().mapToDouble(Double::doubleValue).sum();
    if (total <= 0) {
      return OptionalDouble.empty();
    }
    double rank = part * total;
    double lower = 0;
    double below = 0;
    for (Map.Entry<Double, Double> bucket : counts.entrySet()) {
      double upper = bucket.getKey();
      if (below + bucket.getValue() >= rank && bucket.getValue() > 0) {
        double seconds =
            Double.isInfinite(upper) ? lower : lower + (upper - lower) * (rank - below) / bucket.getValue();
        return OptionalDouble.of(seconds * 1000);
      }
      below += bucket.getValue();
      lower = Double.isInfinite(upper) ? lower : upper;
    }
    return OptionalDouble.of(lower * 1000);
  }
}
