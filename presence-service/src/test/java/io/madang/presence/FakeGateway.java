package io.madang.presence;

import io.madang.runtime.service.Observation;
import io.madang.runtime.service.Observation.Observed;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A gateway as presence knows it: a set of connections and subscriptions, told in changes or as a whole. */
final class FakeGateway {
  private final String id;
  private final Set<Observed> clients = new LinkedHashSet<>();
  private final List<Observed> arrived = new ArrayList<>();
  private final List<Observed> departed = new ArrayList<>();

  /** Version that presence has taken over; 0: it must be told everything. */
  private long known;

  private long last;

  FakeGateway(String id) {
    this.id = id;
  }

  String id() {
    return id;
  }

  FakeGateway connect(String connection, String user) {
    return connect(connection, user, user.toUpperCase(Locale.ROOT));
  }

  FakeGateway connect(String connection, String user, String name) {
    return arrive(new Observed(connection, user, name, false, ""));
  }

  FakeGateway disconnect(String connection) {
    List.copyOf(clients).stream()
        .filter(observed -> observed.connection().equals(connection))
        .forEach(this::depart);
    return this;
  }

  /** The connection, which is there already, enters a room. */
  FakeGateway enter(String connection, String room) {
    return arrive(subscription(connection, "room:" + room));
  }

  FakeGateway leave(String connection, String room) {
    return depart(subscription(connection, "room:" + room));
  }

  FakeGateway arrive(Observed observed) {
    clients.add(observed);
    arrived.add(observed);
    return this;
  }

  private FakeGateway depart(Observed observed) {
    clients.remove(observed);
    departed.add(observed);
    return this;
  }

  private Observed subscription(String connection, String topic) {
    Observed who = clients.stream()
        .filter(observed -> observed.connection().equals(connection))
        .findFirst()
        .orElseThrow();
    return new Observed(connection, who.user(), who.name(), who.guest(), topic);
  }

  /** Tells what changed to a node; everything when that is not enough. True when the changes were. */
  boolean tell(PresenceNode node) {
    boolean taken = known != 0 && take(node, new Observation(id, known, ++last, arrived, departed));
    if (!taken) {
      boolean whole = take(node, new Observation(id, 0, ++last, List.copyOf(clients), List.of()));
      if (!whole) {
        throw new AssertionError("the whole set was not taken over");
      }
    }
    arrived.clear();
    departed.clear();
    return taken;
  }

  /** Tells what changed without waiting for it; everything when that is not enough. One telling at a time. */
  Future<Boolean> beginTell(PresenceNode node) {
    Observation changes =
        new Observation(id, known, ++last, List.copyOf(arrived), List.copyOf(departed));
    Observation whole = new Observation(id, 0, ++last, List.copyOf(clients), List.of());
    boolean mayChange = known != 0;
    arrived.clear();
    departed.clear();
    return node.begin(
            () -> mayChange ? node.service().observe(changes) : Future.succeededFuture(false))
        .compose(taken -> {
          known = taken ? changes.version() : whole.version();
          return taken
              ? Future.succeededFuture(true)
              : node.begin(() -> node.service().observe(whole));
        });
  }

  /** Tells what changed, once. */
  boolean tryTell(PresenceNode node) {
    return take(node, new Observation(id, known, ++last, arrived, departed));
  }

  private boolean take(PresenceNode node, Observation observation) {
    boolean taken = node.await(() -> node.service().observe(observation));
    known = taken ? observation.version() : 0;
    return taken;
  }
}
