package io.madang.gateway.edge.websocket.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;

/**
 * What a server writes (RFC 6455, section 5.2): whole frames, not masked, in direct memory, from where the network takes them
 * without another copy.
 */
final class Framing {
  private static final int FINAL = 0x80;
  private static final int DEFLATED = 0x40;
  private static final int TEXT = 0x1;
  private static final int BINARY = 0x2;
  private static final int CLOSE = 0x8;
  private static final int PING = 0x9;
  private static final int PONG = 0xA;
  private static final int SHORT = 126;
  private static final int TWO_BYTES = 65_536;
  private static final int MAX_CONTROL_BYTES = 125;

  private Framing() {}

  /** Room for so many bytes, to be released by whoever writes it. */
  static ByteBuf allocate(int bytes) {
    return PooledByteBufAllocator.DEFAULT.directBuffer(bytes, bytes);
  }

  /** Bytes of a frame with so many bytes in it. */
  static int frame(int bytes) {
    return bytes + (bytes < SHORT ? 2 : bytes < TWO_BYTES ? 4 : 10);
  }

  /** @param deflated whether these bytes are a text deflated */
  static void putText(ByteBuf out, byte[] bytes, boolean deflated) {
    put(out, FINAL | TEXT | (deflated ? DEFLATED : 0), bytes);
  }

  static void putBytes(ByteBuf out, byte[] bytes) {
    put(out, FINAL | BINARY, bytes);
  }

  private static void put(ByteBuf out, int first, byte[] bytes) {
    out.writeByte(first);
    if (bytes.length < SHORT) {
      out.writeByte(bytes.length);
    } else if (bytes.length < TWO_BYTES) {
      out.writeByte(SHORT).writeShort(bytes.length);
    } else {
      out.writeByte(SHORT + 1).writeLong(bytes.length);
    }
    out.writeBytes(bytes);
  }

  static ByteBuf text(byte[] bytes, boolean deflated) {
    ByteBuf frame = allocate(frame(bytes.length));
    putText(frame, bytes, deflated);
    return frame;
  }

  static ByteBuf bytes(byte[] bytes) {
    ByteBuf frame = allocate(frame(bytes.length));
    putBytes(frame, bytes);
    return frame;
  }

  static ByteBuf ping() {
    return control(PING, new byte[0]);
  }

  static ByteBuf pong(byte[] payload) {
    return control(PONG, payload);
  }

  /** @param code below 1000 to say none */
  static ByteBuf close(int code, String reason) {
    if (code < 1_000) {
      return control(CLOSE, new byte[0]);
    }
    byte[] why = reason.getBytes(StandardCharsets.UTF_8);
    byte[] payload = new byte[2 + why.length];
    payload[0] = (byte) (code >> 8);
    payload[1] = (byte) code;
    System.arraycopy(why, 0, payload, 2, why.length);
    return control(CLOSE, payload);
  }

  private static ByteBuf control(int opcode, byte[] payload) {
    if (payload.length > MAX_CONTROL_BYTES) {
      throw new IllegalArgumentException("a control frame has at most 125 bytes");
    }
    ByteBuf frame = allocate(2 + payload.length);
    return frame.writeByte(FINAL | opcode).writeByte(payload.length).writeBytes(payload);
  }
}
