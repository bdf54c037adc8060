package io.madang.benchmarks.hearing;

import org.HdrHistogram.Histogram;

/** Deliveries of one phase to one group of clients, and how late each was. */
public final class Tally {
  private static final long LONGEST_MICROS = 600_000_000L;

  private final Histogram micros = new Histogram(LONGEST_MICROS, 3);

  public void add(long nanos) {
    micros.recordValue(Math.max(0, Math.min(nanos / 1_000, LONGEST_MICROS)));
  }

  public Histogram micros() {
    return micros;
  }
}
