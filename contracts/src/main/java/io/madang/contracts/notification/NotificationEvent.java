package io.madang.contracts.notification;

import java.util.List;

/** What is published into {@code notifications:<user>}, and the state that a subscriber starts from. */
public sealed interface NotificationEvent {
  /** Name of the event, camelCase. */
  String event();

  <R> R dispatch(Handler<R> handler);

  /** One method per event. */
  interface Handler<R> {
    R on(Notified event);

    R on(Read event);

    R on(ReadUpTo event);
  }

  /**
   * Something new: event {@code notification}, whose data are the notification's members and {@code unread}.
   *
   * @param unread how many are unread with it
   */
  record Notified(Notification notification, int unread) implements NotificationEvent {
    @Override
    public String event() {
      return "notification";
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * The user has seen some: event {@code read} with {@code ids}.
   *
   * @param unread how many are unread after it
   */
  record Read(List<String> ids, int unread) implements NotificationEvent {
    public Read {
      ids = List.copyOf(ids);
    }

    @Override
    public String event() {
      return "read";
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * The user has seen everything up to an offset: event {@code read} with {@code upTo}.
   *
   * @param unread how many are unread after it
   */
  record ReadUpTo(long upTo, int unread) implements NotificationEvent {
    @Override
    public String event() {
      return "read";
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }
}
