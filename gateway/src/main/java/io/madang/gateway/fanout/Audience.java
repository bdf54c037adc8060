package io.madang.gateway.fanout;

import java.util.Arrays;

/**
 * Who hears one topic on one loop, in the order they came. To tell all of them something is a walk over an array; who goes in the
 * middle of one leaves an empty seat, who comes is not told any more.
 */
final class Audience {
  /** Fewer empty seats are not worth moving anybody. */
  private static final int MANY_EMPTY = 16;

  /** Null where somebody has gone. */
  private Subscription[] seats = new Subscription[2];

  /** Seats that were ever taken, since the last time all moved up. */
  private int taken;

  private int empty;

  /** Walks under way; meanwhile nobody changes seats. */
  private int walks;

  /** What is done with each. */
  @FunctionalInterface
  interface Visit {
    void to(Subscription subscription);
  }

  void add(Subscription subscription) {
    if (taken == seats.length) {
      seats = Arrays.copyOf(seats, 2 * taken);
    }
    subscription.seat = taken;
    seats[taken++] = subscription;
  }

  /** The one takes the other's seat. */
  void replace(Subscription old, Subscription by) {
    by.seat = old.seat;
    seats[by.seat] = by;
  }

  void remove(Subscription subscription) {
    seats[subscription.seat] = null;
    empty++;
    moveUp();
  }

  boolean isEmpty() {
    return taken == empty;
  }

  void each(Visit visit) {
    walks++;
    try {
      int end = taken;
      for (int seat = 0; seat < end; seat++) {
        Subscription subscription = seats[seat];
        if (subscription != null) {
          visit.to(subscription);
        }
      }
    } finally {
      walks--;
      moveUp();
    }
  }

  private void moveUp() {
    if (walks > 0 || empty < MANY_EMPTY || 2 * empty < taken) {
      return;
    }
    int to = 0;
    for (int from = 0; from < taken; from++) {
      Subscription subscription = seats[from];
      if (subscription != null) {
        subscription.seat = to;
        seats[to++] = subscription;
      }
    }
    Arrays.fill(seats, to, taken, null);
    taken = to;
    empty = 0;
    if (seats.length > 4 * MANY_EMPTY && 4 * taken < seats.length) {
      seats = Arrays.copyOf(seats, 2 * taken);
    }
  }
}
