package io.madang.contracts.chat;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** What chat-service may be asked. */
public sealed interface ChatCommand {
  <R> R dispatch(Handler<R> handler);

  /** One method per command: adding a command breaks every handler at compile time. */
  interface Handler<R> {
    R on(CreateRoom command);

    R on(JoinRoom command);

    R on(LeaveRoom command);

    R on(SendToRoom command);

    R on(SendMessage command);

    R on(SendDirect command);

    R on(RecentMessages command);

    R on(SetTyping command);

    R on(History command);

    R on(ListRooms command);

    R on(ListMembers command);

    R on(MarkRead command);

    R on(EditMessage command);

    R on(DeleteMessage command);

    R on(React command);

    R on(KickUser command);

    R on(BanUser command);

    R on(UnbanUser command);

    R on(MuteUser command);

    R on(SetRole command);

    R on(InviteUser command);

    R on(EnterRoom command);

    R on(SendToGroup command);

    R on(SafeSend command);

    R on(QueueMessage command);

    R on(Broadcast command);

    R on(SendSecureMessage command);

    R on(AdminBroadcast command);

    R on(SendPrivate command);

    R on(ReconnectWithState command);
  }

  /**
   * Makes a room that stays; its maker owns it.
   *
   * @param title absent: the room's name
   */
  record CreateRoom(
      RoomId room, Optional<String> title, Visibility visibility, Optional<RoomPassword> password)
      implements ChatCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Becomes a member; a room that is not there is made, public and temporary. */
  record JoinRoom(RoomId room, Optional<RoomPassword> password) implements ChatCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Ceases to be a member; a temporary room without members is deleted. */
  record LeaveRoom(RoomId room) implements ChatCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Says something in a room. */
  record SendToRoom(RoomId room, String text) implements ChatCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * Says something in the lobby.
   *
   * @param user the name to show; another than the caller's own is for guests and marked unverified
   */
  record SendMessage(String text, Optional<String> user) implements ChatCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * Says something to one person.
   *
   * @param toUser id or name
   */
  record SendDirect(String toUser, String text) implements ChatCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** The newest messages of a room, without deleted ones. */
  record RecentMessages(RoomId room, int take) implements ChatCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Tells the others of a room that the caller types, or does no more. */
  record SetTyping(RoomId room, boolean isTyping) implements ChatCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** A page of messages next to an offset, which is itself not on it; without offset the newest page. */
  record History(RoomId room, OptionalLong before, OptionalLong after, int take)
      implements ChatCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Public rooms and those of the caller, by name. */
  record ListRooms(Optional<String> after, int take) implements ChatCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Members of a room that the caller may read, by id. */
  record ListMembers(RoomId room, Optional<String> after, int take) implements ChatCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** The caller has read a room up to an offset; the marker never moves back. */
  record MarkRead(RoomId room, long offset) implements ChatCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Changes an own message. */
  record EditMessage(RoomId room, String messageId, String text) implements ChatCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Empties a message, an own one or as moderator. */
  record DeleteMessage(RoomId room, String messageId) implements ChatCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Gives a message an emoji, or takes it back. */
  record React(RoomId room, long offset, String emoji, boolean on) implements ChatCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Takes somebody out of a room, who may come back. */
  record KickUser(RoomId room, String user, Optional<String> reason) implements ChatCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * Takes somebody out of a room for some time.
   *
   * @param duration absent: until lifted
   */
  record BanUser(RoomId room, String user, Optional<Duration> duration, Optional<String> reason)
      implements ChatCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Lifts a ban. */
  record UnbanUser(RoomId room, String user) implements ChatCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * Lets somebody listen only.
   *
   * @param duration absent: until lifted; zero lifts it
   */
  record MuteUser(RoomId room, String user, Optional<Duration> duration) implements ChatCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Gives a member a role; who makes another the owner becomes moderator. */
  record SetRole(RoomId room, String user, RoomRole role) implements ChatCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Lets somebody join a private room, or one with a password without it. */
  record InviteUser(RoomId room, String user) implements ChatCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Becomes a member of a room that is there already. */
  record EnterRoom(RoomId room, Optional<RoomPassword> password) implements ChatCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Says something in a room, with the word for groups. */
  record SendToGroup(RoomId room, String text) implements ChatCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Says something in the lobby, unless the sender says too much; then it is dropped. */
  record SafeSend(String text) implements ChatCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Says something in the lobby, which is told in batches besides. */
  record QueueMessage(String text) implements ChatCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Says something to everyone else, which nobody keeps. */
  record Broadcast(String text) implements ChatCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Says something to everyone else, checked and encoded for HTML. */
  record SendSecureMessage(String message) implements ChatCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Says something to everyone, as an operator. */
  record AdminBroadcast(String text) implements ChatCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * Says something to one person, with the word for what is private.
   *
   * @param toUser id or name
   */
  record SendPrivate(String toUser, String text) implements ChatCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * Asks what came after a message, in the caller's rooms, the lobby and the inbox.
   *
   * @param lastMessageId absent: nothing was missed, only where the topics stand is asked
   */
  record ReconnectWithState(Optional<String> lastMessageId) implements ChatCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }
}
