package io.madang.contracts.chat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What chat-service announces in rooms and inboxes. */
public sealed interface ChatEvent {
  /** Its name on the wire. */
  String event();

  <R> R dispatch(Handler<R> handler);

  /** One method per event. */
  interface Handler<R> {
    R on(Said event);

    R on(Edited event);

    R on(Deleted event);

    R on(Reacted event);

    R on(Joined event);

    R on(Left event);

    R on(Kicked event);

    R on(Banned event);

    R on(Unbanned event);

    R on(Muted event);

    R on(RoleGiven event);

    R on(Typing event);

    R on(Direct event);

    R on(RoomChanged event);

    R on(Unread event);

    R on(Announced event);

    R on(Broadcast event);

    R on(Secure event);

    R on(Gathered event);

    R on(ToldToLeave event);
  }

  /**
   * A message in a room; read later, it is as it was last changed.
   *
   * @param group whether it was said with the word for groups
   */
  record Said(
      String id,
      Person user,
      String text,
      List<String> mentions,
      Optional<Instant> edited,
      boolean deleted,
      boolean group)
      implements ChatEvent {
    public Said {
      mentions = List.copyOf(mentions);
    }

    @Override
    public String event() {
      return "message";
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * A message has another text.
   *
   * @param offset of the message
   * @param text as it is when this is read; empty when it was deleted since
   */
  record Edited(String id, long offset, Person user, String text, List<String> mentions)
      implements ChatEvent {
    public Edited {
      mentions = List.copyOf(mentions);
    }

    @Override
    public String event() {
      return "edited";
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * A message is a tombstone now.
   *
   * @param user who deleted it
   */
  record Deleted(String id, long offset, Person user) implements ChatEvent {
    @Override
    public String event() {
      return "deleted";
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** A message was given an emoji, or it was taken back. */
  record Reacted(String id, long offset, Person user, String emoji, boolean on)
      implements ChatEvent {
    @Override
    public String event() {
      return "reaction";
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** A new member. */
  record Joined(Person user) implements ChatEvent {
    @Override
    public String event() {
      return "joined";
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** A member left. */
  record Left(Person user) implements ChatEvent {
    @Override
    public String event() {
      return "left";
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * Somebody was taken out.
   *
   * @param member whether of the members, who are one less now; else of those who only listened
   */
  record Kicked(Person user, Person by, Optional<String> reason, boolean member)
      implements ChatEvent {
    @Override
    public String event() {
      return "kicked";
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * Somebody was taken out and may not come back, for good or until a time.
   *
   * @param member as for {@link Kicked}
   */
  record Banned(
      Person user, Person by, Optional<Instant> until, Optional<String> reason, boolean member)
      implements ChatEvent {
    @Override
    public String event() {
      return "banned";
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** A ban was lifted. */
  record Unbanned(Person user, Person by) implements ChatEvent {
    @Override
    public String event() {
      return "unbanned";
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Somebody may only listen, for good or until a time; or may speak again. */
  record Muted(Person user, Person by, boolean on, Optional<Instant> until) implements ChatEvent {
    @Override
    public String event() {
      return "muted";
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** A member has another role. */
  record RoleGiven(Person user, RoomRole role, Person by) implements ChatEvent {
    @Override
    public String event() {
      return "role";
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Somebody types, or does no more; never kept. */
  record Typing(Person user, boolean isTyping) implements ChatEvent {
    @Override
    public String event() {
      return "typing";
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * A message from one person to another, in both inboxes.
   *
   * @param heard how its recipient hears it; absent in the sender's inbox, unless that is the recipient's too
   */
  record Direct(String id, Person user, Person to, String text, Optional<Heard> heard)
      implements ChatEvent {
    @Override
    public String event() {
      return "direct";
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * What a room is to the owner of an inbox has changed.
   *
   * @param change {@code joined}, {@code left}, {@code kicked}, {@code banned}, {@code invited} or {@code role}
   * @param read offset of the read marker after {@code joined}; nothing is unread then
   */
  record RoomChanged(Room room, String change, Optional<Long> read) implements ChatEvent {
    @Override
    public String event() {
      return "room";
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * How much of a room the owner of an inbox has not read.
   *
   * @param read offset of the read marker
   */
  record Unread(RoomId room, long unread, boolean mention, long read) implements ChatEvent {
    @Override
    public String event() {
      return "unread";
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** With which word a direct message was said. */
  enum Heard {
    DIRECT("direct"),
    PRIVATE("private");

    private final String word;

    Heard(String word) {
      this.word = word;
    }

    /** As it stands on the wire. */
    public String word() {
      return word;
    }
  }

  /** An operator says something to everyone; kept as messages are. */
  record Announced(Person user, String text) implements ChatEvent {
    @Override
    public String event() {
      return "announcement";
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Somebody says something to everyone else; never kept. */
  record Broadcast(Person user, String text) implements ChatEvent {
    @Override
    public String event() {
      return "broadcast";
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * The same, checked; never kept.
   *
   * @param text encoded for HTML
   */
  record Secure(Person user, String text) implements ChatEvent {
    @Override
    public String event() {
      return "secure";
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Messages of the lobby that were gathered for a moment, each of them kept and told alone as well; never kept. */
  record Gathered(List<Item> messages) implements ChatEvent {
    /** One of them. */
    public record Item(String id, Person user, String text, Instant time) {}

    public Gathered {
      messages = List.copyOf(messages);
    }

    @Override
    public String event() {
      return ChatNames.MESSAGES_EVENT;
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Said in the inbox of somebody who was taken out of a room, member or not; never kept. */
  record ToldToLeave(RoomId room, Person by, Optional<String> reason) implements ChatEvent {
    @Override
    public String event() {
      return "toldToLeave";
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }
}
