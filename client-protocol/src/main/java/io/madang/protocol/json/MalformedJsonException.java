package io.madang.protocol.json;

/** A text is not the JSON we take; the message says why in words its sender may read. */
public final class MalformedJsonException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Carries no stack trace: it describes somebody else's input, and garbage may come in floods. */
  public MalformedJsonException(String message) {
    super(message, null, false, false);
  }
}
