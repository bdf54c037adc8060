package io.madang.notification.ledger;

import java.util.Optional;

/** What became of marking as read. */
public sealed interface Marking {

  /**
   * Now or by an earlier command with this id.
   *
   * @param upTo of a mark of many: everything up to this offset is read; 0 of a mark of one
   * @param unread how many are unread with it
   * @param entry the event it made; absent when nothing was left to read
   */
  record Marked(long upTo, int unread, Optional<Entry> entry) implements Marking {}

  /** The user has no such notification. */
  record Unknown() implements Marking {}

  /** The user has used the command id with other arguments. */
  record Conflict() implements Marking {}
}
