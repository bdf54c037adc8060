package io.madang.protocol.json;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One JSON value as immutable UTF-8 bytes which nobody on the way looks into: arguments, results, items, payloads.
 *
 * <p>Whoever makes one has checked it ({@link #verified}) or got it from a party that did ({@link #trusted}); it is
 * written into a frame as it is, so a value that is not JSON would break the frame around it.
 */
public final class RawJson {
  /** The value {@code null}. */
  public static final RawJson NULL = trusted("null");

  /** An object without members. */
  public static final RawJson EMPTY_OBJECT = trusted("{}");

  /** An array without elements. */
  public static final RawJson EMPTY_ARRAY = trusted("[]");

  private final byte[] utf8;

  private RawJson(byte[] utf8) {
    this.utf8 = utf8;
  }

  /** Takes the bytes as one JSON value after checking them with {@link JsonLimits#fromClients()}; keeps a copy. */
  public static RawJson verified(byte[] utf8) throws MalformedJsonException {
    byte[] copy = utf8.clone();
    StrictJson.fromClients().verify(copy);
    return new RawJson(copy);
  }

  /** Takes the bytes unchecked and without a copy: the caller gives them away. */
  public static RawJson trusted(byte[] utf8) {
    if (utf8.length == 0) {
      throw new IllegalArgumentException("no bytes are not a JSON value");
    }
    return new RawJson(utf8);
  }

  /** As {@link #trusted(byte[])}. */
  public static RawJson trusted(String text) {
    return trusted(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The bytes themselves, not a copy: read only. */
  public byte[] utf8() {
    return utf8;
  }

  /** Number of bytes. */
  public int length() {
    return utf8.length;
  }

  public boolean isNull() {
    return equals(NULL);
  }

  public void writeTo(OutputStream out) throws IOException {
    out.write(utf8);
  }

  /** Copies the bytes to {@code target} from {@code offset} on, which must have room for {@link #length()}. */
  public void copyTo(byte[] target, int offset) {
    System.arraycopy(utf8, 0, target, offset, utf8.length);
  }

  /** What the value looks like: its first member or element need not be parsed to tell an object from an array. */
  public boolean isArray() {
    return firstByte() == '[';
  }

  public boolean isObject() {
    return firstByte() == '{';
  }

  private int firstByte() {
    for (byte b : utf8) {
      if (b != ' ' && b != '\t' && b != '\n' && b != '\r') {
        return b;
      }
    }
    return -1;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RawJson that && Arrays.equals(utf8, that.utf8);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(utf8);
  }

  /** The JSON text. */
  @Override
  public String toString() {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
