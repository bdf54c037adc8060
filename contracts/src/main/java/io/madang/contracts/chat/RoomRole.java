package io.madang.contracts.chat;

import java.util.Arrays;
import java.util.Optional;

/** What a member may do in a room. */
public enum RoomRole {
  MEMBER("member"),
  /** May delete messages, kick, ban, mute and invite. */
  MODERATOR("moderator"),
  /** May give roles as well. */
  OWNER("owner");

  private final String word;

  RoomRole(String word) {
    this.word = word;
  }

  /** As it stands on the wire. */
  public String word() {
    return word;
  }

  public static Optional<RoomRole> of(String word) {
    return Arrays.stream(values()).filter(role -> role.word.equals(word)).findFirst();
  }
}
