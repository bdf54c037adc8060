package io.madang.gateway.connection;

import io.madang.gateway.identity.Principal;
import io.madang.gateway.limit.DeadlineWheel;
import io.madang.protocol.code.CloseCode;
import io.madang.runtime.service.ClientAnswer;
import io.madang.runtime.service.ClientQuestion;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The connections of one event loop, touched there only; how many there are may be asked on any thread. */
public final class Connections {
  private final String idPrefix;
  private final Set<Connection> connections = new LinkedHashSet<>();

  /** The same, by id; of two with one id, as when one takes the place of another, the later. */
  private final Map<String, Connection> byId = new HashMap<>();

  /** Number of the last connection of this loop. */
  private long lastNumber;

  /** Size of {@link #connections} for other threads; written on the loop. */
  private volatile int size;

  /** Set when the gateway stops: told when the last connection is gone. */
  private Optional<Promise<Void>> emptied = Optional.empty();

  /** @param idPrefix of the ids of this loop's connections, unique in the mesh */
  public Connections(String idPrefix) {
    this.idPrefix = idPrefix;
  }

  /** A name for the next connection, unique in the mesh. */
  public String nextId() {
    return idPrefix + "." + ++lastNumber;
  }

  void opened(Connection connection) {
    connections.add(connection);
    byId.put(connection.connection(), connection);
    size = connections.size();
  }

  void gone(Connection connection) {
    connections.remove(connection);
    byId.remove(connection.connection(), connection);
    size = connections.size();
    if (connections.isEmpty()) {
      emptied.ifPresent(Promise::tryComplete);
    }
  }

  /**
   * Asks one of them something.
   *
   * @param told is told once what became of it
   * @return false when the client is not here, and nothing is told
   */
  public boolean ask(ClientQuestion question, Consumer<ClientAnswer> told) {
    Connection asked = byId.get(question.connection());
    if (asked != null) {
      asked.ask(question, told);
    }
    return asked != null;
  }

  /** Whether the gateway stops and nobody new is let in. */
  public boolean isClosing() {
    return emptied.isPresent();
  }

  public int size() {
    return size;
  }

  /**
   * Drains every connection, each at its own time, and lets nobody new in from now on.
   *
   * @param slot asked for each, how long it is served as before
   * @param after asked for each, how long its client should wait before it connects again
   * @param deadlines where the slots are kept
   * @return succeeds when all transports are closed
   */
  public Future<Void> drain(
      CloseCode code,
      Supplier<Duration> slot,
      Supplier<Duration> after,
      DeadlineWheel deadlines,
      long nowMs) {
    Promise<Void> promise = Promise.promise();
    emptied = Optional.of(promise);
    for (Connection connection : connections) {
      deadlines.at(nowMs + slot.get().toMillis(), () -> connection.drain(code, after.get()));
    }
    if (connections.isEmpty()) {
      promise.tryComplete();
    }
    return promise.future();
  }

  /** Closes every connection there is; new ones are let in as before. */
  public void sendAway(CloseCode code, Supplier<Duration> after) {
    List.copyOf(connections).forEach(connection -> connection.close(code, after.get()));
  }

  /** Ends whoever is signed in and counts no more. */
  public void endRevoked(Predicate<Principal> revoked) {
    connections.stream()
        .filter(connection -> connection.principal().filter(revoked).isPresent())
        .toList()
        .forEach(connection -> connection.close(CloseCode.REVOKED, Duration.ZERO));
  }

  /** Ends every transport at once. */
  public void cutAll() {
    List.copyOf(connections).forEach(Connection::cut);
  }
}
