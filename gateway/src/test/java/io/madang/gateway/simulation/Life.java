package io.madang.gateway.simulation;

import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.Revocation;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;

/** One life of a topic in the store: everything that was committed to it, and who might hear it when. */
final class Life {
  final Topic topic;
  final String epoch;

  /** Whether everyone who is not banned may hear it; else members only. Boards are open. */
  final boolean open;

  /** Row by row, the first at offset 1. */
  final List<Publication> rows = new ArrayList<>();

  /** Of what was said up to each row, as a snapshot there tells it; the first is of the empty topic. */
  private final List<String> snapshots = new ArrayList<>();

  final Set<String> members = new HashSet<>();
  final Set<String> banned = new HashSet<>();

  /** Newest value by key. */
  final TreeMap<String, String> values = new TreeMap<>();

  /** By user: from which offset on whether it may hear. */
  private final Map<String, TreeMap<Long, Boolean>> rights = new HashMap<>();

  /** By user: offsets of what ends its subscriptions. */
  private final Map<String, TreeSet<Long>> revocations = new HashMap<>();

  /** Rows below are told no more. */
  long firstKept = 1;

  /** Whether another life has begun, or none. */
  boolean over;

  Life(Topic topic, String epoch, boolean open) {
    this.topic = topic;
    this.epoch = epoch;
    this.open = open;
    snapshots.add(snapshot());
  }

  long head() {
    return rows.size();
  }

  StreamPosition position() {
    return new StreamPosition(epoch, head());
  }

  Publication row(long offset) {
    return rows.get((int) offset - 1);
  }

  void append(Publication row) {
    rows.add(row);
    if (row.key().isPresent()) {
      values.put(row.key().get(), row.data().toString());
    }
    snapshots.add(snapshot());
    row.revokes()
        .map(Revocation::user)
        .ifPresent(
            user -> revocations.computeIfAbsent(user, first -> new TreeSet<>()).add(row.offset()));
  }

  private String snapshot() {
    return "{\"at\":" + head() + ",\"is\":"
        + (values.isEmpty() ? "{}" : "\"" + values.toString().replace("\"", "'") + "\"") + "}";
  }

  /** As a snapshot at {@code offset} tells it. */
  String snapshotAt(long offset) {
    return snapshots.get((int) offset);
  }

  /** What the user may from the newest row on. */
  void noteRights(String user) {
    rights.computeIfAbsent(user, first -> new TreeMap<>()).put(head(), mayHear(user));
  }

  boolean mayHear(String user) {
    return open ? !banned.contains(user) : members.contains(user);
  }

  boolean mightHear(String user, long offset) {
    return Optional.ofNullable(rights.get(user))
        .map(changes -> changes.floorEntry(offset))
        .map(Map.Entry::getValue)
        .orElse(open);
  }

  /** The first offset from {@code from} on at which the user might hear the topic; empty when there is none. */
  OptionalLong mightHearFrom(String user, long from) {
    return LongStream.rangeClosed(from, head())
        .filter(at -> mightHear(user, at))
        .findFirst();
  }

  /** The last offset so far, not before {@code from}, at which the user might hear the topic; empty when there is none. */
  OptionalLong mightHearUpTo(String user, long from) {
    return LongStream.rangeClosed(from, head())
        .filter(at -> mightHear(user, at))
        .max();
  }

  /** Whether something ended the user's subscriptions behind {@code from} and up to {@code to}. */
  boolean isRevoked(String user, long from, long to) {
    Long first = revocations.getOrDefault(user, new TreeSet<>()).higher(from);
    return first != null && first <= to;
  }

  /** Whether everything behind the position can be told. */
  boolean recovers(StreamPosition since) {
    return since.epoch().equals(epoch)
        && since.offset() <= head()
        && since.offset() + 1 >= firstKept;
  }
}
