package io.madang.contracts.presence;

/**
 * What is published into {@code presence:<room>} and {@code online}. Every event is of class {@code state} with the user's
 * id as key and says all there is to say of that user, so a reader who hears only the newest one misses nothing; a
 * departure says so by its event, not by {@code null}. What is published into {@code connections} and {@code devices:<user>} is
 * never kept.
 */
public sealed interface PresenceEvent {
  /** Name of the event, camelCase. */
  String event();

  <R> R dispatch(Handler<R> handler);

  /** One method per event. */
  interface Handler<R> {
    R on(Arrived event);

    R on(StatusChanged event);

    R on(Departed event);

    R on(Online event);

    R on(Offline event);

    R on(Connected event);

    R on(Disconnected event);
  }

  /** Into {@code presence:<room>}: the user is in the room now; event {@code arrived}. */
  record Arrived(Present user) implements PresenceEvent {
    @Override
    public String event() {
      return "arrived";
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Into {@code presence:<room>}: status, text or name of a user who is in the room; event {@code status}. */
  record StatusChanged(Present user) implements PresenceEvent {
    @Override
    public String event() {
      return "status";
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Into {@code presence:<room>}: the user is not in the room any more, or is invisible; event {@code departed}. */
  record Departed(Person user) implements PresenceEvent {
    @Override
    public String event() {
      return "departed";
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Into {@code online}: the user is connected, or has a new name; event {@code online}. */
  record Online(Person user) implements PresenceEvent {
    @Override
    public String event() {
      return "online";
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Into {@code online}: the user has no connection any more, or is invisible; event {@code offline}. */
  record Offline(Person user) implements PresenceEvent {
    @Override
    public String event() {
      return "offline";
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Into the topics of connections: one is there; event {@code connected}. */
  record Connected(String connection, Person user) implements PresenceEvent {
    @Override
    public String event() {
      return "connected";
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Into the topic of all connections: one is gone; event {@code disconnected}. */
  record Disconnected(String connection, Person user) implements PresenceEvent {
    @Override
    public String event() {
      return "disconnected";
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }
}
