package io.madang.protocol.frame;

/**
 * The form of a command's id: 1 to {@value #MAX_CHARS} visible ASCII characters, so that every store, header and language
 * keeps it as it was sent.
 */
public final class CommandId {
  public static final int MAX_CHARS = 128;

  private CommandId() {}

  public static boolean isValid(String id) {
    return !id.isEmpty() && id.length() <= MAX_CHARS && id.chars().allMatch(CommandId::isVisible);
  }

  private static boolean isVisible(int character) {
    return character > ' ' && character < 127;
  }

  /** What to tell whoever sent another; {@code member} is where it stood. */
  public static String rule(String member) {
    return "%s must have 1 to %d visible ASCII characters".formatted(member, MAX_CHARS);
  }

  static void check(String id) {
    if (!isValid(id)) {
      throw new IllegalArgumentException(rule("id"));
    }
  }
}
