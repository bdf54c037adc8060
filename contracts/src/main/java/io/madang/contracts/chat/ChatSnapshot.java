package io.madang.contracts.chat;

import java.util.List;
import java.util.Optional;

/** What a topic comes to at one position. */
public sealed interface ChatSnapshot {
  <R> R dispatch(Handler<R> handler);

  /** One method per kind of topic. */
  interface Handler<R> {
    R on(OfRoom snapshot);

    R on(OfInbox snapshot);
  }

  /**
   * {@code room:<room>}.
   *
   * @param messages the newest, oldest first
   */
  record OfRoom(Room room, List<Message> messages, boolean hasOlder) implements ChatSnapshot {
    public OfRoom {
      messages = List.copyOf(messages);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * {@code inbox:<user>}.
   *
   * @param rooms the user's, the lobby always among them
   * @param directs the newest, oldest first
   */
  record OfInbox(List<Place> rooms, List<DirectMessage> directs) implements ChatSnapshot {
    public OfInbox {
      rooms = List.copyOf(rooms);
      directs = List.copyOf(directs);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * A room in somebody's inbox.
   *
   * @param unread messages after the read marker, deleted ones too
   * @param mention whether one of them names the user
   * @param read offset of the read marker; absent for who is not a member
   */
  record Place(Room room, long unread, boolean mention, Optional<Long> read) {}
}
