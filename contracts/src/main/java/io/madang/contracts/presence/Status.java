package io.madang.contracts.presence;

import java.util.Arrays;
import java.util.stream.Collectors;

/** How a connected user wants to be seen. */
public enum Status {
  ONLINE("online"),
  /** Not looking; ends by itself when the user's last connection does. */
  IDLE("idle"),
  /** Wants no disturbance; others see it. */
  DND("dnd"),
  /** Looks offline to others. */
  INVISIBLE("invisible");

  private final String word;

  Status(String word) {
    this.word = word;
  }

  /** As it is written in JSON. */
  public String word() {
    return word;
  }

  /**
   * Reads a word.
   *
   * @throws IllegalArgumentException with a sentence fit for the client
   */
  public static Status of(String word) {
    return Arrays.stream(values())
        .filter(status -> status.word.equals(word))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("the argument 'status' must be one of " + words()));
  }

  private static String words() {
    return Arrays.stream(values()).map(Status::word).collect(Collectors.joining(", "));
  }
}
