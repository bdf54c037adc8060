package io.madang.presence.store;

import io.madang.contracts.presence.Person;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import java.util.List;

/**
 * One look at a topic.
 *
 * @param settling whether a live gateway has yet to tell its set after Redis lost it, so that people may be missing
 * @param position where the topic stands
 * @param recovered whether {@code publications} continue the asked position without a hole
 * @param publications oldest first; may stop before {@code position} because of the limit
 * @param people some of those who are there; empty when recovered or not asked for
 * @param count how many are there; 0 when recovered or not asked for
 */
public record Reading(
    boolean settling,
    StreamPosition position,
    boolean recovered,
    List<Publication> publications,
    List<Person> people,
    int count) {
  public Reading {
    publications = List.copyOf(publications);
    people = List.copyOf(people);
  }

  /** Whether the limit cut the publications off. */
  public boolean hasMore() {
    return !publications.isEmpty() && publications.get(publications.size() - 1).offset() < position.offset();
  }
}
