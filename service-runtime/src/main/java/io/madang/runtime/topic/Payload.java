package io.madang.runtime.topic;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A JSON text as opaque UTF-8 bytes: arguments, results, event data and snapshots pass through the mesh without being parsed.
 *
 * <p>Whoever makes one vouches that the bytes are one complete JSON value; nobody may change the array afterwards.
 */
public final class Payload {
  /** The JSON value {@code null}. */
  public static final Payload NULL = ofJson("null");

  /** The JSON value <code>{}</code>. */
  public static final Payload EMPTY_OBJECT = ofJson("{}");

  private final byte[] utf8;

  private Payload(byte[] utf8) {
    this.utf8 = utf8;
  }

  /** Wraps {@code utf8} without copying it: the caller gives the array away. */
  public static Payload wrap(byte[] utf8) {
    return new Payload(utf8);
  }

  public static Payload ofJson(String json) {
    return new Payload(json.getBytes(StandardCharsets.UTF_8));
  }

  /** The bytes themselves, not a copy: read only. */
  public byte[] utf8() {
    return utf8;
  }

  public int bytes() {
    return utf8.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Payload that && Arrays.equals(utf8, that.utf8);
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
