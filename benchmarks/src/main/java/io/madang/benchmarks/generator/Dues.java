package io.madang.benchmarks.generator;

import java.util.Arrays;

/** When each message was due, by its number from 0 on. */
final class Dues {
  private static final int FEW = 1 << 16;

  private long[] nanos = new long[FEW];
  private int count;

  void add(long due) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count++] = due;
  }

  long of(long number) {
    return nanos[(int) number];
  }
}
