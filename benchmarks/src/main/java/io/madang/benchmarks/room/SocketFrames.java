package io.madang.benchmarks.room;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The bytes a server sends on one WebSocket (RFC 6455), cut into text messages. Takes what a gateway sends, which is not masked
 * and not fragmented; answers nothing.
 */
final class SocketFrames {
  private static final int TEXT = 1;
  private static final int CLOSE = 8;
  private static final int USUAL_BYTES = 16 * 1024;

  /** Gets each text message as a range of an array that changes afterwards. */
  interface Messages {
    void message(byte[] buffer, int from, int to);
  }

  private byte[] buffer = new byte[USUAL_BYTES];

  /** Bytes of {@link #buffer} that are not cut yet. */
  private int filled;

  /** Takes all bytes that came. */
  void take(ByteBuffer came, Messages messages) throws IOException {
    int more = came.remaining();
    if (filled + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, filled + more));
    }
    came.get(buffer, filled, more);
    filled += more;
    cut(messages);
  }

  private void cut(Messages messages) throws IOException {
    int at = 0;
    while (filled - at >= 2) {
      int head = 2;
      long length = buffer[at + 1] & 0x7F;
      if (length == 126) {
        head = 4;
      } else if (length == 127) {
        head = 10;
      }
      if (filled - at < head) {
        break;
      }
      if (head > 2) {
        length = number(at + 2, at + head);
      }
      if (filled - at < head + length) {
        break;
      }
      int from = at + head;
      int to = from + (int) length;
      onFrame(buffer[at] & 0xFF, from, to, messages);
      at = to;
    }
    System.arraycopy(buffer, at, buffer, 0, filled - at);
    filled -= at;
  }

  private void onFrame(int first, int from, int to, Messages messages) throws IOException {
    int opcode = first & 0x0F;
    boolean whole = (first & 0x80) != 0;
    if (opcode == TEXT && whole) {
      messages.message(buffer, from, to);
    } else if (opcode == CLOSE) {
      throw new IOException("the gateway closed a connection: "
          + (to - from >= 2 ? number(from, from + 2) : "without a code"));
    } else if (!whole || opcode == 0) {
      throw new IOException("the gateway sent a fragment");
    }
  }

  private long number(int from, int to) {
    long value = 0;
    for (int i = from; i < to; i++) {
      value = value << 8 | (buffer[i] & 0xFF);
    }
    return value;
  }
}
