package io.madang.gateway.identity.account;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/** What a person typed as a password, in the one form that is hashed. Never printed. */
public final class Password {
  public static final int MIN_CODE_POINTS = 8;
  public static final int MAX_CODE_POINTS = 256;

  private final String text;

  private Password(String text) {
    this.text = text;
  }

  /**
   * A password somebody wants to have.
   *
   * @throws RefusedException {@link Refusal#BAD_PASSWORD} when it is too short, too long or not text
   */
  public static Password choose(String raw) {
    Password password = of(raw);
    int length = password.text.codePointCount(0, password.text.length());
    if (length < MIN_CODE_POINTS || length > MAX_CODE_POINTS) {
      throw new RefusedException(
          Refusal.BAD_PASSWORD,
          "A password has " + MIN_CODE_POINTS + " to " + MAX_CODE_POINTS + " characters.");
    }
    if (password.text.codePoints().anyMatch(Password::isHalfCharacter)) {
      throw new RefusedException(Refusal.BAD_PASSWORD, "A password may not hold half a character.");
    }
    return password;
  }

  /** A password somebody says they have; one that could not have been chosen is simply wrong. */
  public static Password of(String raw) {
    // Keyboards differ in how they compose accents; the person does not.
    return new Password(Normalizer.normalize(raw, Normalizer.Form.NFC));
  }

  public byte[] bytes() {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Encoding would make a question mark of it, and two passwords the same. */
  private static boolean isHalfCharacter(int codePoint) {
    return Character.getType(codePoint) == Character.SURROGATE;
  }

  @Override
  public String toString() {
    return "***";
  }
}
