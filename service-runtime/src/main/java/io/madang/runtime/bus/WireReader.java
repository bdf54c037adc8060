package io.madang.runtime.bus;

import io.madang.runtime.topic.Payload;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads what {@link WireWriter} wrote; running past the end throws IndexOutOfBoundsException. */
final class WireReader {
  private final Buffer buffer;
  private int at;

  WireReader(Buffer buffer, int start) {
    this.buffer = buffer;
    this.at = start;
  }

  /** Where the next value begins. */
  int position() {
    return at;
  }

  int code() {
    return buffer.getByte(at++);
  }

  boolean flag() {
    return buffer.getByte(at++) != 0;
  }

  int wholeInt() {
    int value = buffer.getInt(at);
    at += Integer.BYTES;
    return value;
  }

  long wholeLong() {
    long value = buffer.getLong(at);
    at += Long.BYTES;
    return value;
  }

  String text() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  Payload payload() {
    return Payload.wrap(bytes());
  }

  byte[] bytes() {
    int length = wholeInt();
    byte[] value = buffer.getBytes(at, at + length);
    at += length;
    return value;
  }

  <T> Optional<T> optional(Supplier<T> read) {
    return flag() ? Optional.of(read.get()) : Optional.empty();
  }

  <T> List<T> list(Supplier<T> read) {
    int size = wholeInt();
    if (size < 0 || size > buffer.length()) {
      throw new IndexOutOfBoundsException(
          "a list of " + size + " in a message of " + buffer.length() + " bytes");
    }
    List<T> values = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      values.add(read.get());
    }
    return values;
  }
}
