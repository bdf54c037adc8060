package io.madang.gateway.edge.websocket.wire;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** The parts of a message of which not all have come. */
final class Fragments {
  private final boolean isText;
  private final boolean isDeflated;
  private byte[] bytes = new byte[0];
  private int length;

  Fragments(boolean isText, boolean isDeflated) {
    this.isText = isText;
    this.isDeflated = isDeflated;
  }

  boolean isDeflated() {
    return isDeflated;
  }

  boolean isText() {
    return isText;
  }

  int length() {
    return length;
  }

  void add(ByteBuf part) {
    int more = part.readableBytes();
    if (length + more > bytes.length) {
      // Doubled, so that many small parts cost no more than a few copies.
      bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
    }
    part.readBytes(bytes, length, more);
    length += more;
  }

  byte[] whole() {
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }
}
