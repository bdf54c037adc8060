package io.madang.contracts.chat;

/**
 * What opens a room; never printed, so it is in no log and in no digest of arguments.
 *
 * @param value as the user typed it
 */
public record RoomPassword(String value) {
  @Override
  public String toString() {
    return "***";
  }
}
