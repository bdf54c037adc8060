package io.madang.benchmarks.room;

import java.util.BitSet;

/**
 * What one connection heard of the load, and what was wrong with it. Told every publication of the room in the order it came;
 * no thread of its own.
 *
 * <p>A publication is in order when {@code prev} is the offset of the one before it, counted from the position of the
 * subscription. One below is doubled if it was heard before, else reordered.
 */
final class DeliveryCheck {
  /** Offsets heard, above the first position. */
  private final BitSet offsets = new BitSet();

  /** Numbers of the load's messages heard. */
  private final BitSet numbers = new BitSet();

  private final long first;

  /** Offset of the newest publication heard. */
  private long last;

  private int doubled;
  private int reordered;

  /** Publications before which something was missing when they came. */
  private int holes;

  DeliveryCheck(long subscribedAt) {
    this.first = subscribedAt;
    this.last = subscribedAt;
  }

  long last() {
    return last;
  }

  /** @param number of the load's message; -1 for anything else in the room */
  void heard(long offset, long prev, int number) {
    int place = (int) (offset - first);
    if (place <= 0 || offsets.get(place)) {
      doubled++;
      return;
    }
    offsets.set(place);
    if (offset < last) {
      reordered++;
    } else if (prev != last) {
      holes++;
    }
    last = Math.max(last, offset);
    if (number >= 0) {
      if (numbers.get(number)) {
        doubled++;
      }
      numbers.set(number);
    }
  }

  int doubled() {
    return doubled;
  }

  int reordered() {
    return reordered;
  }

  int holes() {
    return holes;
  }

  /** Different messages of the load heard. */
  int heardMessages() {
    return numbers.cardinality();
  }

  /** Messages that were accepted and never heard here. */
  int lost(BitSet accepted) {
    BitSet missing = (BitSet) accepted.clone();
    missing.andNot(numbers);
    return missing.cardinality();
  }
}
