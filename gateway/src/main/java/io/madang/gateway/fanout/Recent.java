package io.madang.gateway.fanout;

import io.madang.gateway.fanout.SubscribeOutcome.Subscribed;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The newest publications of one topic, as many as fit: whoever comes back from a short absence is served from here instead of
 * by the topic's owner. A plain object with one writer, the mesh loop.
 */
final class Recent {
  private final long maxBytes;

  /** All of one epoch, oldest first: everything the topic told behind {@link #floor}. */
  private final Deque<Publication> newest = new ArrayDeque<>();

  private long bytes;

  /** What came up to here is not kept; empty before the topic's position is known. */
  private Optional<StreamPosition> floor = Optional.empty();

  /** @param maxBytes of the publications kept, as {@link Subscribed#bytes(Publication)} counts them; 0 keeps none */
  Recent(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Forgets everything; what comes next continues {@code position}. */
  void restart(StreamPosition position) {
    newest.clear();
    bytes = 0;
    floor = Optional.of(position);
  }

  /** Keeps one more, the next of the topic; the oldest go when they do not fit any more. */
  void add(Publication publication) {
    newest.addLast(publication);
    bytes += Subscribed.bytes(publication);
    while (bytes > maxBytes) {
      Publication oldest = newest.removeFirst();
      bytes -= Subscribed.bytes(oldest);
      floor = oldest.position();
    }
  }

  /**
   * Takes over what the owner told somebody of the time before, as far as it fits.
   *
   * @param publications everything between {@code since} and {@code upTo}, oldest first
   */
  void prime(StreamPosition since, StreamPosition upTo, List<Publication> publications) {
    if (floor.isEmpty()
        || !floor.get().epoch().equals(upTo.epoch())
        || floor.get().offset() > upTo.offset()
        || floor.get().offset() <= since.offset()) {
      return;
    }
    for (int i = publications.size() - 1; i >= 0; i--) {
      Publication older = publications.get(i);
      if (older.offset() > floor.get().offset()) {
        continue;
      }
      if (bytes + Subscribed.bytes(older) > maxBytes) {
        floor = older.position();
        return;
      }
      newest.addFirst(older);
      bytes += Subscribed.bytes(older);
    }
    floor = Optional.of(since);
  }

  /** Everything kept behind {@code position}, oldest first; empty when something behind it is not kept. */
  Optional<List<Publication>> after(StreamPosition position) {
    if (floor.isEmpty()
        || !floor.get().epoch().equals(position.epoch())
        || floor.get().offset() > position.offset()) {
      return Optional.empty();
    }
    Deque<Publication> behind = new ArrayDeque<>();
    Iterator<Publication> newestFirst = newest.descendingIterator();
    while (newestFirst.hasNext()) {
      Publication publication = newestFirst.next();
      if (publication.offset() <= position.offset()) {
        break;
      }
      behind.addFirst(publication);
    }
    return Optional.of(List.copyOf(behind));
  }
}
