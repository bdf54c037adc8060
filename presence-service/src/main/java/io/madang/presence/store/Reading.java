package io.madang.presence.store;

import io.madang.contracts.presence.PresenceSnapshot;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import java.util.List;
import java.util.Optional;

/**
 * One look at a topic.
 *
 * @param settling whether a live gateway has yet to tell its set after Redis lost it, so that people may be missing
 * @param position where the topic stands
 * @param recovered whether {@code publications} continue the asked position without a hole
 * @param publications oldest first; may stop before {@code position} because of the limit
 * @param snapshot who is there; absent when recovered or not asked for
 */
public record Reading(
    boolean settling,
    StreamPosition position,
    boolean recovered,
    List<Publication> publications,
    Optional<PresenceSnapshot> snapshot) {
  public Reading {
    publications = List.copyOf(publications);
  }

  /** Whether the limit cut the publications off. */
  public boolean hasMore() {
    return !publications.isEmpty()
        && publications.get(publications.size() - 1).offset() < position.offset();
  }
}
