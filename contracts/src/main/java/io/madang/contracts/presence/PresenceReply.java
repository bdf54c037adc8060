package io.madang.contracts.presence;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What presence-service answers. */
public sealed interface PresenceReply {
  <R> R dispatch(Handler<R> handler);

  /** One method per reply. */
  interface Handler<R> {
    R on(OnlineUsers reply);

    R on(Connections reply);

    R on(StatusSet reply);

    R on(OnlineList reply);

    R on(You reply);
  }

  /**
   * Answer to {@link PresenceCommand.OnlineUsers}, as JSON a list of texts.
   *
   * @param names sorted without case, those of equal letters by code point
   */
  record OnlineUsers(List<String> names) implements PresenceReply {
    public OnlineUsers {
      names = List.copyOf(names);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Answer to {@link PresenceCommand.UserConnections}, as JSON a list, oldest first. */
  record Connections(List<Connection> connections) implements PresenceReply {
    public Connections {
      connections = List.copyOf(connections);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * One live connection.
   *
   * @param connection its id
   * @param node the gateway that holds it
   * @param since when presence first heard of it, by the clock of Redis
   */
  record Connection(String connection, String node, Instant since) {}

  /** Answer to {@link PresenceCommand.SetStatus}: what holds now. */
  record StatusSet(Status status, String text) implements PresenceReply {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Answer to {@link PresenceCommand.OnlineList}, as JSON a list of people. */
  record OnlineList(List<Person> people) implements PresenceReply {
    public OnlineList {
      people = List.copyOf(people);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * Answer to {@link PresenceCommand.WhoAmI}.
   *
   * @param connection absent for who asks without one
   */
  record You(Person user, Optional<String> connection) implements PresenceReply {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }
}
