package io.madang.runtime.host;

import io.madang.runtime.topic.EventClass;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What one gateway was not sent of one topic. As long as all of it is state, one after the other, the newest value of each key
 * is kept; otherwise only where the topic stands, and the gateway reads the rest from the owner.
 *
 * <p>A value that is replaced leaves no hole: the publication behind it then says that it follows the one before it. That holds
 * only where that publication did follow it; where another node published between, nothing is kept.
 */
final class LeftOut {
  private StreamPosition newest;

  /** By offset; empty when nothing is kept. */
  private final TreeMap<Long, Publication> kept = new TreeMap<>();

  /** Where in {@link #kept} the newest value of a key is. */
  private final Map<String, Long> offsets = new HashMap<>();

  private boolean keeping = true;

  /** About how many bytes {@link #kept} has. */
  private int bytes;

  private LeftOut(StreamPosition newest) {
    this.newest = newest;
  }

  /** What became of a publication. */
  enum Fate {
    KEPT,
    /** Kept, in place of an older value. */
    CONFLATED,
    /** Only its position is told. */
    LEFT
  }

  /** A topic of which {@code first}, which has a position, was left out first. */
  static LeftOut of(Publication first) {
    return new LeftOut(new StreamPosition(first.position().orElseThrow().epoch(), 0));
  }

  /** A topic of which what led to {@code position} was sent and never taken. */
  static LeftOut upTo(StreamPosition position) {
    LeftOut left = new LeftOut(position);
    left.leave();
    return left;
  }

  /** What led to {@code position}, an older one than those of the publications added, was never taken either. */
  void alsoUpTo(StreamPosition position) {
    if (position.epoch().equals(newest.epoch()) && position.offset() > newest.offset()) {
      newest = position;
    }
    leave();
  }

  /** Takes a publication that has a position. */
  Fate add(Publication publication) {
    StreamPosition position = publication.position().orElseThrow();
    if (!position.epoch().equals(newest.epoch())) {
      newest = position;
      return leave();
    }
    if (position.offset() <= newest.offset()) {
      return leave();
    }
    newest = position;
    if (!keeping || publication.eventClass() != EventClass.STATE) {
      return leave();
    }
    return keep(publication);
  }

  private Fate keep(Publication publication) {
    String key = publication.key().orElseThrow();
    Optional<Long> older = Optional.ofNullable(offsets.get(key));
    Publication added = publication;
    if (older.isPresent()) {
      Map.Entry<Long, Publication> behind = kept.higherEntry(older.get());
      Publication follows = behind == null ? publication : behind.getValue();
      if (follows.previous() != older.get()) {
        return leave();
      }
      Publication replaced = kept.remove(older.get());
      bytes -= GatewayWindow.bytesOf(replaced);
      if (behind == null) {
        added = publication.following(replaced.previous());
      } else {
        kept.put(behind.getKey(), follows.following(replaced.previous()));
      }
    }
    kept.put(added.offset(), added);
    offsets.put(key, added.offset());
    bytes += GatewayWindow.bytesOf(added);
    return older.isPresent() ? Fate.CONFLATED : Fate.KEPT;
  }

  /** Keeps nothing from now on. */
  Fate leave() {
    keeping = false;
    kept.clear();
    offsets.clear();
    bytes = 0;
    return Fate.LEFT;
  }

  int bytes() {
    return bytes;
  }

  int size() {
    return kept.size();
  }

  /** What to send, in order; empty when only {@link #newest} is to be told. */
  Collection<Publication> kept() {
    return List.copyOf(kept.values());
  }

  StreamPosition newest() {
    return newest;
  }
}
