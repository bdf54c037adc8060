package io.madang.benchmarks.hearing;

import java.util.Arrays;

/**
 * One publication as the first client that heard it read it. The others are sent the same bytes, so for them a comparison of
 * bytes tells everything at once.
 */
public final class Heard {
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
  public Heard(byte[] bytes, long offset, long prev, long number, long dueNanos, Phase phase) {
    this.bytes = bytes;
    this.offset = offset;
    this.prev = prev;
    this.number = number;
    this.dueNanos = dueNanos;
    this.phase = phase;
  }

  public boolean is(byte[] other, int from, int to) {
    return Arrays.equals(bytes, 0, bytes.length, other, from, to);
  }

  public boolean hasBytes() {
    return bytes.length > 0;
  }

  public boolean isOfTheLoad() {
    return number >= 0;
  }

  public long offset() {
    return offset;
  }

  public long prev() {
    return prev;
  }

  public long number() {
    return number;
  }

  public long dueNanos() {
    return dueNanos;
  }

  public Phase phase() {
    return phase;
  }
}
