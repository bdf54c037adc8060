package io.madang.chat.sequencer;

import io.madang.chat.asker.Actor;
import io.madang.chat.asker.Issued;
import io.madang.contracts.chat.RoomId;
import java.util.Optional;

/**
 * Something to be said in a room.
 *
 * @param words a JSON list of what may be mentioned; absent when nothing is
 */
public record Send(RoomId room, Actor by, String text, Optional<String> words, Issued issued) {

  /** Characters it takes along, as a measure of a group's size. */
  int weight() {
    return text.length() + 256;
  }
}
