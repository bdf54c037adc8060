package io.madang.contracts.chat;

import java.util.Arrays;
import java.util.Optional;

/** Who finds a room. */
public enum Visibility {
  /** Listed for everyone; read by everyone unless it has a password. */
  PUBLIC("public"),
  /** Known to its members only; entered with an invitation or its password. */
  PRIVATE("private");

  private final String word;

  Visibility(String word) {
    this.word = word;
  }

  /** As it stands on the wire. */
  public String word() {
    return word;
  }

  public static Optional<Visibility> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word.equals(word)).findFirst();
  }
}
