package io.madang.protocol.codec;

import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.frame.ClientFrame;

/**
 * The peer sent something that is no frame. The message says what, in words the peer may read; there is no stack
 * trace, because it describes somebody else's input and may come in floods.
 */
public final class BadFrameException extends Exception {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final long ref;
  private final String member;

  BadFrameException(ErrorCode code, long ref, String member, String message) {
    super(message, null, false, false);
    this.code = code;
    this.ref = ref;
    this.member = member;
  }

  /** The text as a whole is no frame; for edges with texts of another form too. */
  public static BadFrameException notReadable(String message) {
    return new BadFrameException(ErrorCode.BAD_REQUEST, ClientFrame.NO_REF, "", message);
  }

  static BadFrameException badMember(String member, String message) {
    return new BadFrameException(ErrorCode.BAD_REQUEST, ClientFrame.NO_REF, member, message);
  }

  BadFrameException withRef(long known) {
    return new BadFrameException(code, known, member, getMessage());
  }

  /** Why, as the answer should carry it. */
  public ErrorCode code() {
    return code;
  }

  /** The request's number as far as it could be read, else {@link ClientFrame#NO_REF}. */
  public long ref() {
    return ref;
  }

  /** The member at fault; empty if the text as a whole is. */
  public String member() {
    return member;
  }
}
