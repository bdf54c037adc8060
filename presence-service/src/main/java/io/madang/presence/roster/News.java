package io.madang.presence.roster;

import io.madang.presence.roster.ConnectionChange.Gone;
import io.madang.presence.roster.ConnectionChange.There;
import io.madang.runtime.service.Observation;
import io.madang.runtime.service.Observation.Observed;
import io.madang.runtime.topic.Topic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads an {@link Observation}: whoever is subscribed to {@code room:<x>} is in room x, and whoever has a connection is
 * online. A subscription without its connection counts as one, so the order in which a gateway tells them does not matter.
 * Something both gone and there is there, made anew.
 */
public final class News {
  private final String roomPrefix;

  /** @param roomPrefix prefix of the topics whose subscribers are in the room of the same id */
  public News(String roomPrefix) {
    this.roomPrefix = roomPrefix;
  }

  /** What was told of one connection. */
  private static final class Told {
    private final Observed who;
    private boolean open;
    private final Set<String> enters = new LinkedHashSet<>();
    private final Set<String> leaves = new LinkedHashSet<>();

    private Told(Observed who) {
      this.who = who;
    }

    private There there(Set<String> enters, Set<String> leaves) {
      return new There(who.connection(), who.user(), who.name(), who.guest(), open, enters, leaves);
    }
  }

  /** The changes that a part of the news stands for, what is gone first. */
  public List<ConnectionChange> changes(List<Observed> arrived, List<Observed> departed) {
    List<ConnectionChange> changes = new ArrayList<>();
    Set<String> gone = new LinkedHashSet<>();
    departed.stream().filter(Observed::isConnection).map(Observed::connection).forEach(gone::add);
    gone.forEach(connection -> changes.add(new Gone(connection)));
    Map<String, Told> there = told(arrived);
    for (Observed observed : departed) {
      room(observed)
          .filter(room -> !gone.contains(observed.connection()))
          .ifPresent(room -> there
              .computeIfAbsent(observed.connection(), c -> new Told(observed))
              .leaves
              .add(room));
    }
    for (Told told : there.values()) {
      told.leaves.removeAll(told.enters);
      changes.add(told.there(told.enters, told.leaves));
    }
    return changes;
  }

  /** The changes from what is known of a gateway to the whole set it told. */
  public List<ConnectionChange> changes(Map<String, KnownConnection> known, List<Observed> whole) {
    Map<String, Told> there = told(whole);
    List<ConnectionChange> changes = new ArrayList<>();
    for (Map.Entry<String, KnownConnection> before : known.entrySet()) {
      Told now = there.get(before.getKey());
      if (now == null || !now.who.user().equals(before.getValue().user())) {
        changes.add(new Gone(before.getKey()));
      }
    }
    there.forEach(
        (connection, now) -> difference(known.get(connection), now).ifPresent(changes::add));
    return changes;
  }

  /** The connections that are known of a gateway and not in the whole set it told; their names are not known. */
  public static List<Observed> gone(Map<String, KnownConnection> known, List<Observed> whole) {
    Set<String> there = new LinkedHashSet<>();
    whole.forEach(observed -> there.add(observed.connection()));
    return known.entrySet().stream()
        .filter(before -> before.getValue().open() && !there.contains(before.getKey()))
        .map(before -> new Observed(before.getKey(), before.getValue().user(), "", false, ""))
        .toList();
  }

  private static Optional<There> difference(KnownConnection before, Told now) {
    if (before == null || !now.who.user().equals(before.user())) {
      return Optional.of(now.there(now.enters, Set.of()));
    }
    Set<String> enters = new LinkedHashSet<>(now.enters);
    enters.removeAll(before.rooms());
    Set<String> leaves = new LinkedHashSet<>(before.rooms());
    leaves.removeAll(now.enters);
    boolean same = enters.isEmpty() && leaves.isEmpty() && now.open == before.open();
    return same ? Optional.empty() : Optional.of(now.there(enters, leaves));
  }

  private Map<String, Told> told(List<Observed> arrived) {
    Map<String, Told> there = new LinkedHashMap<>();
    for (Observed observed : arrived) {
      if (observed.isConnection()) {
        there.computeIfAbsent(observed.connection(), c -> new Told(observed)).open = true;
      } else {
        room(observed)
            .ifPresent(room -> there
                .computeIfAbsent(observed.connection(), c -> new Told(observed))
                .enters
                .add(room));
      }
    }
    return there;
  }

  /** The room that a subscription means; empty for a connection, and for a topic that is none of ours. */
  private Optional<String> room(Observed observed) {
    if (observed.isConnection()) {
      return Optional.empty();
    }
    Topic topic;
    try {
      topic = Topic.parse(observed.topic());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    return topic.prefix().equals(roomPrefix) && !topic.id().isEmpty()
        ? Optional.of(topic.id())
        : Optional.empty();
  }

  /** Cuts changes into parts of about {@code maxWeight}, in order; one that is heavier alone is a part of its own. */
  public static List<List<ConnectionChange>> parts(List<ConnectionChange> changes, int maxWeight) {
    List<List<ConnectionChange>> parts = new ArrayList<>();
    List<ConnectionChange> part = new ArrayList<>();
    int weight = 0;
    for (ConnectionChange change : changes) {
      if (!part.isEmpty() && weight + change.weight() > maxWeight) {
        parts.add(part);
        part = new ArrayList<>();
        weight = 0;
      }
      part.add(change);
      weight += change.weight();
    }
    parts.add(part);
    return parts;
  }
}
