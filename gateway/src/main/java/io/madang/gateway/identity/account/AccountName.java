package io.madang.gateway.identity.account;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;

/**
 * A name a person may carry.
 *
 * @param text as it is shown: NFKC, single spaces, 1 to {@value #MAX_CODE_POINTS} code points
 * @param key equal for names that people would read as the same: without case, width and composition
 */
public record AccountName(String text, String key) {
  public static final int MAX_CODE_POINTS = 32;

  /** NFKC makes at most 18 code points of one, so nothing longer can become short enough; spares the work on junk. */
  private static final int MAX_RAW_CHARS = 256;

  /** Names that the product itself speaks under. */
  private static final Set<String> RESERVED = Set.of("system", "madang");

  /**
   * Reads what somebody typed.
   *
   * @throws RefusedException {@link Refusal#BAD_NAME} with a sentence that says which rule it breaks
   */
  public static AccountName read(String raw) {
    if (raw.length() > MAX_RAW_CHARS) {
      throw bad("A name has at most " + MAX_CODE_POINTS + " characters.");
    }
    refuseInvisible(raw);
    String text = Normalizer.normalize(raw, Normalizer.Form.NFKC).strip();
    refuseInvisible(text);
    requireShape(text);
    String key = fold(text);
    // Ids look like u_… and g_…: a name must never be taken for one.
    if (key.length() >= 2 && key.charAt(1) == '_' && key.charAt(0) >= 'a' && key.charAt(0) <= 'z') {
      throw bad("A name may not begin with one letter and an underscore.");
    }
    if (RESERVED.contains(key)) {
      throw bad("This name is reserved.");
    }
    return new AccountName(text, key);
  }

  /** This name with a tail, shortened where both together would be too long. */
  public AccountName withSuffix(String suffix) {
    int left = MAX_CODE_POINTS - suffix.codePointCount(0, suffix.length());
    int end = text.offsetByCodePoints(0, Math.min(left, text.codePointCount(0, text.length())));
    return read(text.substring(0, end).strip() + suffix);
  }

  private static void requireShape(String text) {
    int length = text.codePointCount(0, text.length());
    if (length < 1 || length > MAX_CODE_POINTS) {
      throw bad("A name has 1 to " + MAX_CODE_POINTS + " characters.");
    }
    if (text.contains("  ")) {
      throw bad("A name has single spaces only.");
    }
    if (isMark(text.codePointAt(0))) {
      throw bad("A name may not begin with an accent that has no letter.");
    }
  }

  private static void refuseInvisible(String text) {
    if (text.codePoints().anyMatch(AccountName::isInvisible)) {
      throw bad("A name may not hold control, invisible or direction-changing characters.");
    }
  }

  /** Characters that show nothing, or change what is around them: two names could look alike and differ. */
  private static boolean isInvisible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR -> true;
      default -> isDefaultIgnorable(codePoint);
    };
  }

  /** Letters and marks of Unicode's Default_Ignorable_Code_Point, which the JDK cannot tell; and the blank of Braille. */
  private static boolean isDefaultIgnorable(int codePoint) {
    return codePoint == 0x034F
        || codePoint == 0x115F
        || codePoint == 0x1160
        || codePoint == 0x17B4
        || codePoint == 0x17B5
        || (codePoint >= 0x180B && codePoint <= 0x180F)
        || codePoint == 0x2800
        || codePoint == 0x3164
        || (codePoint >= 0xFE00 && codePoint <= 0xFE0F)
        || codePoint == 0xFFA0
        || (codePoint >= 0xE0000 && codePoint <= 0xE0FFF);
  }

  private static boolean isMark(int codePoint) {
    int type = Character.getType(codePoint);
    return type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.COMBINING_SPACING_MARK;
  }

  /**
   * Upper case first, so that letters with one capital between them (ß and ss, σ and ς) meet; then lower case by single
   * code points, because lowering whole words knows final letters and would part them again.
   */
  private static String fold(String text) {
    String folded = text.toUpperCase(Locale.ROOT)
        .codePoints()
        .map(Character::toLowerCase)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
    return Normalizer.normalize(folded, Normalizer.Form.NFKC);
  }

  private static RefusedException bad(String sentence) {
    return new RefusedException(Refusal.BAD_NAME, sentence);
  }
}
