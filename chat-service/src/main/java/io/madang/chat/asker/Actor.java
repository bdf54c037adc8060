package io.madang.chat.asker;

import io.madang.runtime.command.Caller;

/**
 * Somebody who does something in a room.
 *
 * @param marks {@link #GUEST}, {@link #UNVERIFIED} and {@link #OTHER_WORD} added up
 * @param power whether the token makes a moderator of every room
 */
public record Actor(String id, String name, short marks, boolean power) {
  /** No account stands behind the name. */
  public static final int GUEST = 1;

  /** The name came with the message. */
  public static final int UNVERIFIED = 2;

  /** What is said is said with the other word there is for it: to a group, or in private. */
  public static final int OTHER_WORD = 4;

  public static Actor of(Caller caller) {
    return new Actor(
        caller.user(),
        caller.name(),
        (short) (caller.guest() ? GUEST : 0),
        caller.hasRole("moderator") || caller.hasRole("admin"));
  }

  /** The same under a name that nobody vouches for. */
  public Actor calling(String shownName) {
    return new Actor(id, shownName, (short) (marks | UNVERIFIED), power);
  }

  /** The same with the other word. */
  public Actor withOtherWord() {
    return new Actor(id, name, (short) (marks | OTHER_WORD), power);
  }
}
