package io.madang.runtime.interest;

import io.madang.runtime.bus.BusMessage.Interest;
import io.madang.runtime.bus.BusMessage.InterestDigest;
import io.madang.runtime.topic.Topic;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The topics of one service that one gateway wants. One writer: the gateway's mesh loop. Changes gather until {@link #flush}
 * makes them one numbered delta.
 */
public final class InterestSet {
  private final String gateway;
  private final String service;
  private final Set<Topic> topics = new HashSet<>();
  private final Set<Topic> added = new HashSet<>();
  private final Set<Topic> removed = new HashSet<>();

  /** Number of the last delta; starts at 1 with the empty set, so that 0 can mean "nothing known". */
  private long version = 1;

  /** Hash of the set as of {@link #version}. */
  private long hash;

  public InterestSet(String gateway, String service) {
    this.gateway = gateway;
    this.service = service;
  }

  /** Whether the topic is new to the set. */
  public boolean add(Topic topic) {
    if (!topics.add(topic)) {
      return false;
    }
    if (!removed.remove(topic)) {
      added.add(topic);
    }
    return true;
  }

  public boolean remove(Topic topic) {
    if (!topics.remove(topic)) {
      return false;
    }
    if (!added.remove(topic)) {
      removed.add(topic);
    }
    return true;
  }

  /** What changed since the last flush, with the next version; empty when nothing did. */
  public Optional<Interest> flush() {
    if (added.isEmpty() && removed.isEmpty()) {
      return Optional.empty();
    }
    Interest delta = new Interest(
        gateway, service, version, version + 1, List.copyOf(added), List.copyOf(removed));
    version++;
    hash += TopicHash.of(added) - TopicHash.of(removed);
    added.clear();
    removed.clear();
    return Optional.of(delta);
  }

  /** The set as of {@link #version}; changes not flushed yet are left for the next delta. */
  public Interest whole() {
    Set<Topic> flushed = new HashSet<>(topics);
    flushed.removeAll(added);
    flushed.addAll(removed);
    return new Interest(gateway, service, 0, version, List.copyOf(flushed), List.of());
  }

  /** Says nothing new: whoever has {@link #version} says so again, and whoever does not asks for the whole set. */
  public Interest reminder() {
    return new Interest(gateway, service, version, version, List.of(), List.of());
  }

  public InterestDigest digest() {
    return new InterestDigest(service, version, hash);
  }

  /** The version that holds every change flushed so far. */
  public long version() {
    return version;
  }

  /** Topics in the set, with those that wait for {@link #flush}. */
  public int size() {
    return topics.size();
  }

  /** Whether a change waits for {@link #flush}. */
  public boolean isDirty() {
    return !added.isEmpty() || !removed.isEmpty();
  }
}
