package io.madang.benchmarks.hearing;

/**
 * Walks over the bytes a server sends on one WebSocket (RFC 6455). It keeps nothing: what is not a whole frame yet is left to
 * the caller, who brings it again with what follows.
 */
public final class FrameWalker {
  public static final int CLOSE = 8;
  public static final int PING = 9;
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int FINAL = 0x80;
  private static final int CONTROL = 0x08;
  private static final int LENGTH = 0x7F;
  private static final int TWO_BYTES = 126;
  private static final int EIGHT_BYTES = 127;

  /** Gets each frame's payload as a range of an array that changes afterwards. */
  public interface Frames {
    /** A message in one frame. */
    void message(byte[] bytes, int from, int to);

    /** A piece of a message that came in several frames. */
    void fragment(byte[] bytes, int from, int to, boolean last);

    void control(int opcode, byte[] bytes, int from, int to);
  }

  /** The server did what no server may. */
  public static final class BadServerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public BadServerException(String message) {
      super(message);
    }
  }

  private FrameWalker() {}

  /**
   * Hands on every whole frame.
   *
   * @return where the first frame begins that is not whole
   */
  public static int walk(byte[] bytes, int from, int to, Frames frames) {
    int at = from;
    while (to - at >= 2) {
      int head = 2;
      long length = bytes[at + 1] & LENGTH;
      if (length == TWO_BYTES) {
        head = 4;
      } else if (length == EIGHT_BYTES) {
        head = 10;
      }
      if (to - at < head) {
        break;
      }
      if (head > 2) {
        length = number(bytes, at + 2, at + head);
      }
      if (to - at - head < length) {
        break;
      }
      int begin = at + head;
      at = begin + (int) length;
      hand(bytes[begin - head], bytes, begin, at, frames);
    }
    return at;
  }

  private static void hand(byte first, byte[] bytes, int from, int to, Frames frames) {
    int opcode = first & 0x0F;
    boolean last = (first & FINAL) != 0;
    if (last && (opcode == TEXT || opcode == BINARY)) {
      frames.message(bytes, from, to);
    } else if ((opcode & CONTROL) != 0) {
      frames.control(opcode, bytes, from, to);
    } else if (opcode <= BINARY) {
      frames.fragment(bytes, from, to, last);
    } else {
      throw new BadServerException("a frame with opcode " + opcode);
    }
  }

  public static long number(byte[] bytes, int from, int to) {
    long value = 0;
    for (int i = from; i < to; i++) {
      value = value << 8 | (bytes[i] & 0xFF);
    }
    return value;
  }
}
