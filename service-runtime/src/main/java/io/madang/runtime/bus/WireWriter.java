package io.madang.runtime.bus;

import io.madang.runtime.topic.Payload;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;

/** Appends values to a buffer: numbers big-endian, texts and payloads behind their length in bytes. */
final class WireWriter {
  private final Buffer buffer;

  WireWriter(Buffer buffer) {
    this.buffer = buffer;
  }

  void code(int code) {
    buffer.appendByte((byte) code);
  }

  void flag(boolean value) {
    buffer.appendByte((byte) (value ? 1 : 0));
  }

  void number(int value) {
    buffer.appendInt(value);
  }

  void number(long value) {
    buffer.appendLong(value);
  }

  void text(String value) {
    bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  void payload(Payload value) {
    bytes(value.utf8());
  }

  void bytes(byte[] value) {
    buffer.appendInt(value.length);
    buffer.appendBytes(value);
  }

  <T> void optional(Optional<T> value, Consumer<T> write) {
    flag(value.isPresent());
    value.ifPresent(write);
  }

  <T> void list(Collection<T> values, Consumer<T> write) {
    number(values.size());
    values.forEach(write);
  }
}
