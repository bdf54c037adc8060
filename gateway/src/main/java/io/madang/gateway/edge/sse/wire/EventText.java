package io.madang.gateway.edge.sse.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;

/**
 * Events as bytes (WHATWG HTML, section 9.2), in one chunk of HTTP/1.1 (RFC 9112, section 7.1) or, for older clients, as they
 * are. Begun, filled and ended once. Data is one line: JSON as we write it has no other.
 */
final class EventText {
  private static final byte[] EVENT = ascii("event: ");
  private static final byte[] ID = ascii("id: ");
  private static final byte[] DATA = ascii("data: ");
  private static final byte[] RETRY = ascii("retry: ");
  private static final byte[] COMMENT = ascii(":\n\n");
  private static final byte[] CRLF = ascii("\r\n");
  private static final byte[] LAST_CHUNK = ascii("0\r\n\r\n");

  /** Digits of a chunk's size; leading zeros are allowed, so that it can be filled in when the chunk is there. */
  private static final int SIZE_DIGITS = 8;

  private static final int CHUNK_HEAD = SIZE_DIGITS + 2;

  /** What is around a chunk and an event, without what the event says. */
  static final int AROUND = 64;

  private final boolean chunked;
  private final ByteBuf out;

  /** @param bytes about how many there will be */
  EventText(boolean chunked, int bytes) {
    this.chunked = chunked;
    this.out = PooledByteBufAllocator.DEFAULT.directBuffer(bytes + CHUNK_HEAD + AROUND);
    if (chunked) {
      out.writeZero(SIZE_DIGITS).writeBytes(CRLF);
    }
  }

  EventText retry(long millis) {
    out.writeBytes(RETRY);
    return line(ascii(Long.toString(millis))).end();
  }

  /** Something that no client tells anybody. */
  EventText comment() {
    out.writeBytes(COMMENT);
    return this;
  }

  /** Which kind of event the next is; without it, it is a message. */
  EventText event(String name) {
    out.writeBytes(EVENT);
    return line(ascii(name));
  }

  /** What the client names as the last it had, from the next event on. */
  EventText id(byte[] id) {
    out.writeBytes(ID);
    return line(id);
  }

  /** What the event says, and its end. */
  EventText data(byte[] json) {
    out.writeBytes(DATA);
    return line(json).end();
  }

  private EventText line(byte[] text) {
    out.writeBytes(text).writeByte('\n');
    return this;
  }

  private EventText end() {
    out.writeByte('\n');
    return this;
  }

  /** All of it, to be released by whoever writes it. */
  ByteBuf bytes() {
    if (chunked) {
      int size = out.readableBytes() - CHUNK_HEAD;
      for (int digit = 0; digit < SIZE_DIGITS; digit++) {
        int shift = 4 * (SIZE_DIGITS - 1 - digit);
        out.setByte(out.readerIndex() + digit, Character.forDigit((size >> shift) & 0xF, 16));
      }
      out.writeBytes(CRLF);
    }
    return out;
  }

  /** All of it, and the end of the answer. */
  ByteBuf last() {
    ByteBuf bytes = bytes();
    return chunked ? bytes.writeBytes(LAST_CHUNK) : bytes;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
