package io.madang.contracts.presence;

import java.util.Optional;

/** What presence-service may be asked. */
public sealed interface PresenceCommand {
  <R> R dispatch(Handler<R> handler);

  /** One method per command: adding a command breaks every handler at compile time. */
  interface Handler<R> {
    R on(OnlineUsers command);

    R on(UserConnections command);

    R on(SetStatus command);

    R on(OnlineList command);

    R on(WhoAmI command);
  }

  /** The names of those who are connected and not invisible. */
  record OnlineUsers() implements PresenceCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * The live connections of a user.
   *
   * @param userId absent: the asker's own; another's only with the role {@value PresenceNames#ADMIN_ROLE}
   */
  record UserConnections(Optional<String> userId) implements PresenceCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * How the asker wants to be seen from now on, over later connections too, until a month after it was last set.
   *
   * @param text empty for none
   */
  record SetStatus(Status status, String text) implements PresenceCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Those who are connected and not invisible, and the asker, by name: those who came last when there are too many. */
  record OnlineList() implements PresenceCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** The asker and the asking connection. */
  record WhoAmI() implements PresenceCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }
}
