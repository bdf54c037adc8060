package io.madang.dashboard.stream;

import java.util.Random;

/** A price that nobody pays: a random walk that is the same whenever it begins with the same symbol. */
final class PriceWalk {
  private static final double FIRST = 100;
  private static final double LEAST = 0.01;
  private static final int LEAST_VOLUME = 1_000_000;
  private static final int MOST_VOLUME = 5_000_000;

  /**
   * One step.
   *
   * @param price rounded to hundredths, never below 0.01
   * @param volume a number that looks like one
   */
  record Step(double price, long volume) {}

  private final Random random;
  private double price = FIRST;

  PriceWalk(String symbol) {
    random = new Random(symbol.hashCode());
  }

  /** Up or down by at most 1. */
  Step next() {
    price = Math.max(LEAST, price + (random.nextDouble() - 0.5) * 2);
    return new Step(Math.round(price * 100) / 100.0, random.nextInt(LEAST_VOLUME, MOST_VOLUME));
  }
}
