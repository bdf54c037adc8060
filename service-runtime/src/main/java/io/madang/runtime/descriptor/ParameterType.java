package io.madang.runtime.descriptor;

/**
 * What an argument may be. No text, at any depth, holds U+0000 or half a surrogate pair: the stores could not keep it.
 */
public sealed interface ParameterType {

  /** A string of {@code minCodePoints} to {@code maxCodePoints} Unicode code points. */
  record Text(int minCodePoints, int maxCodePoints) implements ParameterType {}

  /** A whole number; outside its bounds it is refused, or moved to the nearest bound when {@code clamped}. */
  record Whole(long min, long max, boolean clamped) implements ParameterType {}

  /** A finite number. */
  record Decimal(double min, double max) implements ParameterType {}

  /** {@code true} or {@code false}. */
  record Flag() implements ParameterType {}

  /** A list of at most {@code maxItems} values of one type. */
  record ListOf(ParameterType item, int maxItems) implements ParameterType {}

  /** Any JSON object of at most {@code maxBytes} bytes as UTF-8. */
  record AnyObject(int maxBytes) implements ParameterType {}

  static ParameterType text(int minCodePoints, int maxCodePoints) {
    return new Text(minCodePoints, maxCodePoints);
  }

  static ParameterType whole(long min, long max) {
    return new Whole(min, max, false);
  }

  static ParameterType clamped(long min, long max) {
    return new Whole(min, max, true);
  }

  static ParameterType decimal(double min, double max) {
    return new Decimal(min, max);
  }

  static ParameterType flag() {
    return new Flag();
  }

  static ParameterType listOf(ParameterType item, int maxItems) {
    return new ListOf(item, maxItems);
  }

  static ParameterType object(int maxBytes) {
    return new AnyObject(maxBytes);
  }
}
