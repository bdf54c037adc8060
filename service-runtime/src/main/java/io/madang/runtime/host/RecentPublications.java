package io.madang.runtime.host;

import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a service published last on this node, all topics together, as much as fits: a gateway that missed some of it is told
 * from here instead of from the store. A plain object with one writer, the loop of the service.
 *
 * <p>Other nodes publish to the same topics, so what is kept of one may have holes. Only what follows the position asked about
 * without a hole is told; the owner's history has the rest. The lives of a topic are kept apart, each until its turn to go.
 */
final class RecentPublications {
  /** One life of a topic. */
  private record Life(Topic topic, String epoch) {
    static Life of(Publication publication) {
      return new Life(publication.topic(), publication.position().orElseThrow().epoch());
    }
  }

  /** About what a publication takes in memory beside its bytes: itself, its topic and epoch, its places in both collections. */
  private static final int HOLDING_BYTES = 450;

  private final long maxBytes;

  /** Everything kept, in the order in which it came. */
  private final Deque<Publication> oldestFirst = new ArrayDeque<>();

  /** The same by offset; no life is empty. */
  private final Map<Life, TreeMap<Long, Publication>> byLife = new HashMap<>();

  private long bytes;

  /** @param maxBytes of the publications kept, as {@link #bytesOf} counts them; 0 keeps none */
  RecentPublications(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Keeps one more; the oldest go when they do not fit any more. One without a position, one that is here already, and one that
   * would not fit alone change nothing.
   */
  void add(Publication publication) {
    int size = bytesOf(publication);
    if (publication.position().isEmpty() || size > maxBytes) {
      return;
    }
    TreeMap<Long, Publication> byOffset =
        byLife.computeIfAbsent(Life.of(publication), life -> new TreeMap<>());
    if (byOffset.putIfAbsent(publication.offset(), publication) != null) {
      return;
    }
    oldestFirst.addLast(publication);
    bytes += size;
    while (bytes > maxBytes) {
      forget(oldestFirst.removeFirst());
    }
  }

  private void forget(Publication oldest) {
    bytes -= bytesOf(oldest);
    Life life = Life.of(oldest);
    TreeMap<Long, Publication> byOffset = byLife.get(life);
    byOffset.remove(oldest.offset());
    if (byOffset.isEmpty()) {
      byLife.remove(life);
    }
  }

  /**
   * What is kept of a topic behind {@code position}: the first follows it, each other the one before it. Empty when what comes
   * first is not here. As much as one message may have, at least one.
   */
  List<Publication> after(Topic topic, StreamPosition position) {
    TreeMap<Long, Publication> byOffset = byLife.get(new Life(topic, position.epoch()));
    if (byOffset == null) {
      return List.of();
    }
    List<Publication> told = new ArrayList<>();
    long last = position.offset();
    int size = 0;
    for (Publication next : byOffset.tailMap(last, false).values()) {
      size += GatewayWindow.bytesOf(next);
      boolean fits = told.isEmpty()
          || (told.size() < GatewayWindow.MAX_PUBLICATIONS && size <= GatewayWindow.MAX_BYTES);
      if (next.previous() > last || !fits) {
        break;
      }
      told.add(next);
      last = next.offset();
    }
    return List.copyOf(told);
  }

  static int bytesOf(Publication publication) {
    return HOLDING_BYTES + GatewayWindow.bytesOf(publication);
  }

  /** About how many bytes of memory are used. */
  long bytes() {
    return bytes;
  }
}
