package io.madang.contracts.notification;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What notification-service answers. */
public sealed interface NotificationReply {
  <R> R dispatch(Handler<R> handler);

  /** One method per reply. */
  interface Handler<R> {
    R on(Sent reply);

    R on(SentBulk reply);

    R on(Listed reply);

    R on(Marked reply);

    R on(MarkedUpTo reply);

    R on(PreferenceList reply);

    R on(PreferenceSet reply);
  }

  /** Answer to {@link NotificationCommand.Send}: as it was made; absent when the user has muted its type. */
  record Sent(Optional<Notification> notification) implements NotificationReply {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Answer to {@link NotificationCommand.SendBulk}: how many users were told, how many have muted the type. */
  record SentBulk(int sent, int muted) implements NotificationReply {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * Answer to {@link NotificationCommand.Unread} and {@link NotificationCommand.Page}.
   *
   * @param unread how many are unread in all
   * @param notifications newest first
   * @param more whether there are older ones of the kind
   */
  record Listed(int unread, List<Notification> notifications, boolean more) implements NotificationReply {
    public Listed {
      notifications = List.copyOf(notifications);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Answer to {@link NotificationCommand.MarkAsRead}. */
  record Marked(String notificationId, int unread) implements NotificationReply {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Answer to {@link NotificationCommand.MarkAllAsRead}: everything up to this offset is read. */
  record MarkedUpTo(long upTo, int unread) implements NotificationReply {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Answer to {@link NotificationCommand.Preferences}: type to whether it is on; a type not named is on. */
  record PreferenceList(SortedMap<String, Boolean> preferences) implements NotificationReply {
    public PreferenceList {
      preferences = new TreeMap<>(preferences);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Answer to {@link NotificationCommand.SetPreference}. */
  record PreferenceSet(String type, boolean enabled) implements NotificationReply {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }
}
