package io.madang.benchmarks.hearing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What is planted in the text of a message, so that whoever hears it knows which one it is and when it was due without asking
 * anybody: {@code ~m0000000012s0003d0000123456789012345~}. Decimal digits at fixed places; times are of {@link System#nanoTime},
 * which all processes of one machine share.
 */
public final class Mark {
  public static final int LENGTH = 38;
  private static final int NUMBER_AT = 2;
  private static final int NUMBER_DIGITS = 10;
  private static final int SENDER_AT = 13;
  private static final int SENDER_DIGITS = 4;
  private static final int DUE_AT = 18;
  private static final int DUE_DIGITS = 19;
  private static final byte[] TEMPLATE =
      "~m0000000000s0000d0000000000000000000~".getBytes(StandardCharsets.US_ASCII);

  private Mark() {}

  /** Writes it into an array from a place on. */
  public static void write(byte[] bytes, int at, long number, int sender, long dueNanos) {
    System.arraycopy(TEMPLATE, 0, bytes, at, LENGTH);
    digits(bytes, at + NUMBER_AT, NUMBER_DIGITS, number);
    digits(bytes, at + SENDER_AT, SENDER_DIGITS, sender);
    digits(bytes, at + DUE_AT, DUE_DIGITS, dueNanos);
  }

  private static void digits(byte[] bytes, int at, int count, long value) {
    long rest = value;
    for (int i = at + count - 1; i >= at; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  /** A text of this length that begins with the mark. */
  public static byte[] text(int length, long number, int sender, long dueNanos) {
    byte[] text = new byte[Math.max(LENGTH, length)];
    Arrays.fill(text, (byte) 'x');
    write(text, 0, number, sender, dueNanos);
    return text;
  }

  /** Where a mark begins; -1 when there is none. */
  public static int find(byte[] bytes, int from, int to) {
    for (int at = from; at <= to - LENGTH; at++) {
      if (bytes[at] == '~' && bytes[at + 1] == 'm' && bytes[at + LENGTH - 1] == '~') {
        return at;
      }
    }
    return -1;
  }

  public static long number(byte[] bytes, int at) {
    return Scan.digits(bytes, at + NUMBER_AT, at + NUMBER_AT + NUMBER_DIGITS);
  }

  public static int sender(byte[] bytes, int at) {
    return (int) Scan.digits(bytes, at + SENDER_AT, at + SENDER_AT + SENDER_DIGITS);
  }

  public static long dueNanos(byte[] bytes, int at) {
    return Scan.digits(bytes, at + DUE_AT, at + DUE_AT + DUE_DIGITS);
  }
}
