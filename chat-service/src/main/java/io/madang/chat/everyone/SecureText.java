package io.madang.chat.everyone;

import io.madang.chat.refusal.Refusals;
import io.madang.contracts.chat.ChatNames;
import io.madang.runtime.command.Refusal;
import java.util.Optional;

/**
 * A message that pages put into their HTML as it comes. Safe means safe to show: what keeps it from other eyes on its way is TLS,
 * and this node reads it.
 */
public final class SecureText {
  private SecureText() {}

  /** What is wrong with it: too long, blank, or with a control character other than a tab or an end of line. */
  public static Optional<Refusal> unfit(String message) {
    if (message.length() > ChatNames.MAX_SECURE_CHARS) {
      return Optional.of(Refusals.secureMessageTooLarge());
    }
    return message.isBlank() || message.codePoints().anyMatch(SecureText::isForbidden)
        ? Optional.of(Refusals.badSecureMessage())
        : Optional.empty();
  }

  private static boolean isForbidden(int codePoint) {
    return Character.isISOControl(codePoint)
        && codePoint != '\t'
        && codePoint != '\n'
        && codePoint != '\r';
  }

  /** With each of the five characters that mean something in HTML as a reference. */
  public static String encoded(String message) {
    StringBuilder html = new StringBuilder(message.length() + 16);
    for (int i = 0; i < message.length(); i++) {
      char c = message.charAt(i);
      switch (c) {
        case '<' -> html.append("&lt;");
        case '>' -> html.append("&gt;");
        case '&' -> html.append("&amp;");
        case '"' -> html.append("&quot;");
        case '\'' -> html.append("&#x27;");
        default -> html.append(c);
      }
    }
    return html.toString();
  }
}
