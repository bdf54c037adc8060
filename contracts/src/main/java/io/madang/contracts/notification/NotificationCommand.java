package io.madang.contracts.notification;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What notification-service may be asked. */
public sealed interface NotificationCommand {
  <R> R dispatch(Handler<R> handler);

  /** One method per command: adding a command breaks every handler at compile time. */
  interface Handler<R> {
    R on(Send command);

    R on(SendBulk command);

    R on(Unread command);

    R on(MarkAsRead command);

    R on(MarkAllAsRead command);

    R on(Page command);

    R on(Preferences command);

    R on(SetPreference command);
  }

  /**
   * Tells one user something; for services and admins. The command's id counts for ever: a repeat answers with what the
   * first one made, and the same id with other arguments is refused as {@code conflict}.
   *
   * @param type what the user can switch off; then nothing is stored and the reply says so
   * @param data a JSON object for programs
   */
  record Send(String userId, String title, String message, String type, Optional<String> data)
      implements NotificationCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Tells many users the same; as {@link Send} otherwise. A user named twice is told once. */
  record SendBulk(List<String> userIds, String title, String message, String type)
      implements NotificationCommand {
    public SendBulk {
      userIds = List.copyOf(userIds);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** The asker's newest unread notifications, and how many are unread in all. */
  record Unread(int take) implements NotificationCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** The asker has seen one. */
  record MarkAsRead(String notificationId) implements NotificationCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * The asker has seen all up to a place, at most one of the two given; without any: all there are when the command is
   * carried out first. A repeat with the same id never reaches what came later.
   *
   * @param upTo an offset of the asker's topic, included
   * @param upToId a notification, included
   */
  record MarkAllAsRead(OptionalLong upTo, Optional<String> upToId) implements NotificationCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * The asker's notifications, newest first.
   *
   * @param before only those with a lower offset; absent: from the newest
   */
  record Page(OptionalLong before, int take) implements NotificationCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Which types the asker has switched on or off. */
  record Preferences() implements NotificationCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Switches a type on or off for the asker; what is there already stays. */
  record SetPreference(String type, boolean enabled) implements NotificationCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }
}
