package io.madang.chat.log;

import java.util.Optional;

/**
 * The id of a message: its place, which no other message ever has.
 *
 * @param epoch of the topic's life, without the store's part
 * @param offset in that life
 */
public record MessageId(String epoch, long offset) {

  static String of(String epoch, long offset) {
    return epoch + "-" + offset;
  }

  /** Reads an id; empty when no message can have it. */
  public static Optional<MessageId> parse(String id) {
    int dash = id.lastIndexOf('-');
    if (dash < 1 || !id.substring(0, dash).matches("[0-9a-f]{1,32}")) {
      return Optional.empty();
    }
    String digits = id.substring(dash + 1);
    return digits.matches("[1-9][0-9]{0,17}")
        ? Optional.of(new MessageId(id.substring(0, dash), Long.parseLong(digits)))
        : Optional.empty();
  }
}
