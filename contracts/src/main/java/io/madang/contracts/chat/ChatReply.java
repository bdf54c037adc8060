package io.madang.contracts.chat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What chat-service answers. */
public sealed interface ChatReply {
  <R> R dispatch(Handler<R> handler);

  /** One method per reply. */
  interface Handler<R> {
    R on(Entered reply);

    R on(Left reply);

    R on(Sent reply);

    R on(SentDirect reply);

    R on(Recent reply);

    R on(Page reply);

    R on(Rooms reply);

    R on(Members reply);

    R on(Marked reply);

    R on(Changed reply);

    R on(Taken reply);

    R on(Dropped reply);

    R on(Restored reply);
  }

  /**
   * The caller is a member now, or was before.
   *
   * @param position of the room with the joining in it
   * @param created whether the command made the room
   */
  record Entered(Room room, Position position, boolean created) implements ChatReply {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** The caller is no member any more. */
  record Left(RoomId room, Position position) implements ChatReply {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** The message is kept. */
  record Sent(String messageId, RoomId room, long offset, Instant time) implements ChatReply {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * The message is kept in both inboxes.
   *
   * @param offset its place in the caller's
   */
  record SentDirect(String messageId, Person toUser, long offset, Instant time)
      implements ChatReply {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** The newest messages of a room as a bare list, oldest first. */
  record Recent(RoomId room, List<Message> messages) implements ChatReply {
    public Recent {
      messages = List.copyOf(messages);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Messages of a room, oldest first, deleted ones too. */
  record Page(RoomId room, List<Message> messages, boolean hasOlder, boolean hasNewer)
      implements ChatReply {
    public Page {
      messages = List.copyOf(messages);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Rooms by name. */
  record Rooms(List<Room> rooms, boolean more) implements ChatReply {
    public Rooms {
      rooms = List.copyOf(rooms);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Members by id. */
  record Members(RoomId room, List<Member> members, boolean more) implements ChatReply {
    public Members {
      members = List.copyOf(members);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** One member of a room. */
  record Member(Person person, RoomRole role, Instant joinedAt) {}

  /** Where the read marker is now, and what is after it. */
  record Marked(RoomId room, long offset, long unread) implements ChatReply {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * It is as the caller wanted.
   *
   * @param offset of the event that says so; absent when it was so before
   */
  record Changed(RoomId room, Optional<Long> offset) implements ChatReply {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** It was heard; there is nothing to say. */
  record Taken() implements ChatReply {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** It came too fast and was not said. */
  record Dropped() implements ChatReply {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * Where the caller's topics stand, and what came after a message.
   *
   * @param rooms the caller's, the lobby among them
   * @param inbox where the inbox stands
   * @param missed oldest first
   * @param more whether there are more than can be told at once; the positions are then before the first of them
   */
  record Restored(
      Person user, List<PlaceAt> rooms, Position inbox, List<Missed> missed, boolean more)
      implements ChatReply {
    public Restored {
      rooms = List.copyOf(rooms);
      missed = List.copyOf(missed);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** A room and where the caller stands in it. */
  record PlaceAt(Room room, Position position) {}

  /**
   * A message that somebody missed.
   *
   * @param room absent: it was for that person alone
   */
  record Missed(String id, Optional<RoomId> room, Person user, String text, Instant time) {}
}
