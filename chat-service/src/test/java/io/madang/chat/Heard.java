package io.madang.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What nodes published into one life of a topic, in its order: as a gateway has it that lost nothing. */
final class Heard {
  private final String epoch;

  /** By offset; of one that was told again, the first. */
  private final NavigableMap<Long, Publication> byOffset = new TreeMap<>();

  Heard(String epoch, Collection<Publication> published) {
    this.epoch = epoch;
    for (Publication publication : published) {
      publication
          .position()
          .filter(position -> position.epoch().equals(epoch))
          .ifPresent(position -> byOffset.putIfAbsent(position.offset(), publication));
    }
    long last = 0;
    for (Publication publication : byOffset.values()) {
      assertThat(publication.previous()).as("before %s", publication).isLessThanOrEqualTo(last);
      last = publication.offset();
    }
  }

  long last() {
    return byOffset.isEmpty() ? 0 : byOffset.lastKey();
  }

  StreamPosition at(long offset) {
    return new StreamPosition(epoch, offset);
  }

  boolean has(StreamPosition position) {
    return position.epoch().equals(epoch);
  }

  List<Publication> after(long offset) {
    return List.copyOf(byOffset.tailMap(offset, false).values());
  }

  List<Publication> between(long after, long upTo) {
    return List.copyOf(byOffset.subMap(after, false, upTo, true).values());
  }

  /** How far somebody is who went on from {@code since} with an answer. */
  static long reached(StreamPosition since, TopicAnswer.Granted answer) {
    List<Publication> told = answer.publications();
    return told.isEmpty() ? since.offset() : told.get(told.size() - 1).offset();
  }

  /** The same without all state but the newest of each key. */
  static List<Publication> conflated(List<Publication> publications) {
    List<Publication> kept = new ArrayList<>();
    for (Publication publication : publications) {
      publication
          .key()
          .ifPresent(key -> kept.removeIf(before -> before.key().equals(publication.key())));
      kept.add(publication);
    }
    return kept;
  }

  /** What an answer that continues {@code since} brings; each is told to follow the one before it. */
  static List<Publication> continued(StreamPosition since, TopicAnswer answer) {
    TopicAnswer.Granted granted = (TopicAnswer.Granted) answer;
    assertThat(granted.recovered()).as("%s is continued by %s", since, granted).isTrue();
    long last = since.offset();
    for (Publication publication : granted.publications()) {
      assertThat(publication.previous()).as("before %s", publication).isEqualTo(last);
      last = publication.offset();
    }
    return granted.publications();
  }
}
