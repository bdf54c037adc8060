package io.madang.gateway.edge.websocket;

import io.madang.protocol.code.CloseCode;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * Puts a peer's fragments together into messages of at most so many bytes, and checks that text is UTF-8. One per socket;
 * holds nothing between messages.
 */
final class MessageAssembly {
  /** What became of a fragment. */
  sealed interface Outcome {}

  /** The message goes on. */
  record Incomplete() implements Outcome {}

  /** The peer broke the rules; the connection is to be closed with this. */
  record Violation(CloseCode code) implements Outcome {}

  /** A whole message. */
  static final class Complete implements Outcome {
    private final byte[] bytes;
    private final boolean isText;

    private Complete(byte[] bytes, boolean isText) {
      this.bytes = bytes;
      this.isText = isText;
    }

    byte[] bytes() {
      return bytes;
    }

    boolean isText() {
      return isText;
    }
  }

  private static final Outcome INCOMPLETE = new Incomplete();

  private final int maxBytes;

  /** What came of the message so far; empty array when none is open. */
  private byte[] begun = new byte[0];

  private boolean isOpen;
  private boolean isText;

  MessageAssembly(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** The first fragment of a message, or all of it. */
  Outcome begin(boolean text, byte[] fragment, boolean isFinal) {
    if (isOpen) {
      return new Violation(CloseCode.PROTOCOL_ERROR);
    }
    isOpen = true;
    isText = text;
    return take(fragment, isFinal);
  }

  Outcome proceed(byte[] fragment, boolean isFinal) {
    if (!isOpen) {
      return new Violation(CloseCode.PROTOCOL_ERROR);
    }
    return take(fragment, isFinal);
  }

  private Outcome take(byte[] fragment, boolean isFinal) {
    if (begun.length + fragment.length > maxBytes) {
      begun = new byte[0];
      return new Violation(CloseCode.MESSAGE_TOO_BIG);
    }
    byte[] whole = begun.length == 0 ? fragment : joined(begun, fragment);
    if (!isFinal) {
      begun = whole;
      return INCOMPLETE;
    }
    begun = new byte[0];
    isOpen = false;
    if (isText && !ByteBufUtil.isText(Unpooled.wrappedBuffer(whole), StandardCharsets.UTF_8)) {
      return new Violation(CloseCode.INVALID_UTF8);
    }
    return new Complete(whole, isText);
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = new byte[first.length + second.length];
    System.arraycopy(first, 0, both, 0, first.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
