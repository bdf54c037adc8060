package io.madang.benchmarks.generator;

import java.util.Arrays;

/**
 * One publication as the first client that heard it read it. The others are sent the same bytes, so for them a comparison of
 * bytes tells everything at once.
 */
final class Heard {
  private final byte[] bytes;
  private final long offset;
  private final long prev;
  private final long number;
  private final long dueNanos;
  private final Phase phase;

  /**
   * @param bytes of the frame; none when it was read in an answer, where it is written otherwise
   * @param number of the load's message; -1 for anything else
   * @param dueNanos when that message was due
   * @param phase in which that was; null before the first one
   */
  Heard(byte[] bytes, long offset, long prev, long number, long dueNanos, Phase phase) {
    this.bytes = bytes;
    this.offset = offset;
    this.prev = prev;
    this.number = number;
    this.dueNanos = dueNanos;
    this.phase = phase;
  }

  boolean is(byte[] other, int from, int to) {
    return Arrays.equals(bytes, 0, bytes.length, other, from, to);
  }

  boolean hasBytes() {
    return bytes.length > 0;
  }

  boolean isOfTheLoad() {
    return number >= 0;
  }

  long offset() {
    return offset;
  }

  long prev() {
    return prev;
  }

  long number() {
    return number;
  }

  long dueNanos() {
    return dueNanos;
  }

  Phase phase() {
    return phase;
  }
}
