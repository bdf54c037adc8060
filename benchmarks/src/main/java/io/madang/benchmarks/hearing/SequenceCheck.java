package io.madang.benchmarks.hearing;

import java.util.Arrays;

/**
 * What one client heard of one topic, and what was wrong with it. Told every publication in the order it came.
 *
 * <p>A publication is the next one when {@code prev} is not above the offset of the one before it. One that was heard before is
 * doubled; one that was missing and comes later than a newer one is reordered; what is missing in the end is lost.
 */
public final class SequenceCheck {
  private static final long[] NOTHING = {};

  /** Offset of the newest publication heard. */
  private long last;

  /** Pairs: what lies above the first and up to the second was passed over. */
  private long[] missing = NOTHING;

  private int doubled;
  private int reordered;

  /** Publications before which something was missing when they came. */
  private int holes;

  public SequenceCheck(long subscribedAt) {
    this.last = subscribedAt;
  }

  public long last() {
    return last;
  }

  /** @return whether it is heard for the first time, in order or not */
  public boolean heard(long offset, long prev) {
    if (offset > last && prev <= last) {
      last = offset;
      return true;
    }
    if (offset > last) {
      holes++;
      missing = Arrays.copyOf(missing, missing.length + 2);
      missing[missing.length - 2] = last;
      missing[missing.length - 1] = prev;
      last = offset;
      return true;
    }
    if (isFoundAgain(offset)) {
      reordered++;
      return true;
    }
    doubled++;
    return false;
  }

  /** Takes it out of what is missing, if it is there. */
  private boolean isFoundAgain(long offset) {
    for (int i = 0; i < missing.length; i += 2) {
      if (offset > missing[i] && offset <= missing[i + 1]) {
        long end = missing[i + 1];
        missing = Arrays.copyOf(missing, missing.length + 2);
        missing[i + 1] = offset - 1;
        missing[missing.length - 2] = offset;
        missing[missing.length - 1] = end;
        return true;
      }
    }
    return false;
  }

  /** The server said that what came before is not told: the next one follows this. */
  public void beginAt(long offset) {
    last = offset;
  }

  public int doubled() {
    return doubled;
  }

  public int reordered() {
    return reordered;
  }

  public int holes() {
    return holes;
  }

  /** Offsets up to this one that were never heard. */
  public long lost(long newest) {
    long lost = Math.max(0, newest - last);
    for (int i = 0; i < missing.length; i += 2) {
      lost += missing[i + 1] - missing[i];
    }
    return lost;
  }
}
