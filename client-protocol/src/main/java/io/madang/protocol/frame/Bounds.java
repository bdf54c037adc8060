package io.madang.protocol.frame;

/** The bounds records keep on their own text; messages name the member and go back to whoever sent it. */
final class Bounds {
  static final int MAX_NAME_CHARS = 128;
  static final int MAX_TOPIC_CHARS = 256;
  static final int MAX_TOKEN_CHARS = 16_384;

  private Bounds() {}

  static void ref(long ref) {
    if (ref < 1 || ref > ClientFrame.MAX_REF) {
      throw new IllegalArgumentException("ref must be an integer from 1 to " + ClientFrame.MAX_REF);
    }
  }

  static void optionalRef(long ref) {
    if (ref != ClientFrame.NO_REF) {
      ref(ref);
    }
  }

  static void name(String member, String value) {
    text(member, value, MAX_NAME_CHARS);
  }

  static void topic(String value) {
    text("topic", value, MAX_TOPIC_CHARS);
  }

  static void token(String value) {
    text("token", value, MAX_TOKEN_CHARS);
  }

  private static void text(String member, String value, int maxChars) {
    if (value.isEmpty() || value.length() > maxChars) {
      throw new IllegalArgumentException(
          "%s must have 1 to %d characters".formatted(member, maxChars));
    }
  }
}
