package io.madang.chat.people;

import java.text.Normalizer;
import java.util.Locale;

/** Names as they are compared: without case and compatibility forms. */
final class NameKey {
  private NameKey() {}

  static String of(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
  }
}
