package io.madang.contracts.chat;

import java.text.Normalizer;

/**
 * The name of a room as it stands in its topic.
 *
 * @param value 1 to {@value #MAX_CODE_POINTS} code points in Unicode's composed form (NFC), without control characters, line
 *     separators or halves of surrogate pairs, and without white space at its ends
 */
public record RoomId(String value) implements Comparable<RoomId> {
  public static final int MAX_CODE_POINTS = 64;
  public static final RoomId LOBBY = new RoomId(ChatNames.LOBBY);

  /**
   * Checks.
   *
   * @throws IllegalArgumentException with a sentence fit for the client
   */
  public RoomId {
    int codePoints = value.codePointCount(0, value.length());
    if (codePoints < 1 || codePoints > MAX_CODE_POINTS) {
      throw new IllegalArgumentException(
          "a room's name has 1 to " + MAX_CODE_POINTS + " code points");
    }
    if (value.codePoints().anyMatch(RoomId::isForbidden)) {
      throw new IllegalArgumentException("a room's name has no control characters");
    }
    if (isBlank(value.codePointAt(0)) || isBlank(value.codePointBefore(value.length()))) {
      throw new IllegalArgumentException("a room's name neither begins nor ends with white space");
    }
    if (!Normalizer.isNormalized(value, Normalizer.Form.NFC)) {
      throw new IllegalArgumentException(
          "a room's name is written in Unicode's composed form (NFC)");
    }
  }

  private static boolean isForbidden(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR -> true;
      default -> false;
    };
  }

  private static boolean isBlank(int codePoint) {
    return Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint);
  }

  @Override
  public int compareTo(RoomId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
