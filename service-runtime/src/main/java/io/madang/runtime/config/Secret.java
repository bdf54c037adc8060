package io.madang.runtime.config;

/** A text that is never printed. */
public record Secret(String value) {
  @Override
  public String toString() {
    return value.isEmpty() ? "" : "***";
  }
}
