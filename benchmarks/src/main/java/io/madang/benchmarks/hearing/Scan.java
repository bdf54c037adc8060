package io.madang.benchmarks.hearing;

import java.nio.charset.StandardCharsets;

/** Finds plain texts and numbers in bytes. */
public final class Scan {
  private Scan() {}

  public static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  public static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  public static boolean startsWith(byte[] bytes, int from, int to, byte[] what) {
    if (to - from < what.length) {
      return false;
    }
    for (int i = 0; i < what.length; i++) {
      if (bytes[from + i] != what[i]) {
        return false;
      }
    }
    return true;
  }

  /** Where it begins; -1 when it is not there. */
  public static int find(byte[] bytes, int from, int to, byte[] what) {
    byte first = what[0];
    for (int at = from; at <= to - what.length; at++) {
      if (bytes[at] == first && startsWith(bytes, at, to, what)) {
        return at;
      }
    }
    return -1;
  }

  /** Where it ends; -1 when it is not there. */
  public static int findEnd(byte[] bytes, int from, int to, byte[] what) {
    int at = find(bytes, from, to, what);
    return at < 0 ? -1 : at + what.length;
  }

  public static int findByte(byte[] bytes, int from, int to, int what) {
    for (int at = from; at < to; at++) {
      if (bytes[at] == what) {
        return at;
      }
    }
    return -1;
  }

  public static int endOfDigits(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && bytes[at] >= '0' && bytes[at] <= '9') {
      at++;
    }
    return at;
  }

  public static long digits(byte[] bytes, int from, int to) {
    long value = 0;
    for (int i = from; i < to; i++) {
      value = value * 10 + (bytes[i] - '0');
    }
    return value;
  }
}
