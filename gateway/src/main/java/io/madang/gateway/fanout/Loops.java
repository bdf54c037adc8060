package io.madang.gateway.fanout;

import io.madang.gateway.fanout.Endings.Ending;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The event loops that serve clients: each is handed the same publications, in one hop. One writer, the hub's loop.
 */
final class Loops {
  private final HubMeters meters;

  /** Grows only. */
  private final List<Fanout> fanouts = new ArrayList<>();

  Loops(HubMeters meters) {
    this.meters = meters;
  }

  void add(Fanout fanout) {
    fanouts.add(fanout);
  }

  /** As {@link #deliver(Map, Runnable)}, for what no batch brought. */
  void deliver(Feed feed, List<Publication> publications) {
    deliver(Map.of(feed, publications), () -> {});
  }

  /** Publications of one topic up to one that cuts somebody off, who must not hear what comes behind it. */
  private record Part(Topic topic, List<SharedPublication> publications, List<Ending> endings) {
    void bringTo(Fanout fanout) {
      fanout.deliver(topic, publications);
      endings.forEach(ending -> ending.applyTo(fanout));
    }
  }

  private static List<Part> parts(Feed feed, List<Publication> publications) {
    List<Part> parts = new ArrayList<>();
    List<SharedPublication> gathered = new ArrayList<>();
    for (Publication publication : publications) {
      gathered.add(new SharedPublication(publication));
      List<Ending> endings = Endings.of(feed, publication);
      if (!endings.isEmpty()) {
        parts.add(new Part(feed.topic(), gathered, endings));
        gathered = new ArrayList<>();
      }
    }
    if (!gathered.isEmpty()) {
      parts.add(new Part(feed.topic(), gathered, List.of()));
    }
    return parts;
  }

  /**
   * Brings publications to the connections, and ends what each revokes before what comes behind it.
   *
   * @param taken is run when the last loop has them, on that loop
   */
  void deliver(Map<Feed, List<Publication>> publications, Runnable taken) {
    List<Part> parts = new ArrayList<>();
    publications.forEach((feed, list) -> {
      if (!list.isEmpty()) {
        meters.ordered(list.size());
        parts.addAll(parts(feed, list));
      }
    });
    if (parts.isEmpty() || fanouts.isEmpty()) {
      taken.run();
      return;
    }
    AtomicInteger missing = new AtomicInteger(fanouts.size());
    for (Fanout fanout : fanouts) {
      fanout.loop().execute(() -> {
        try {
          parts.forEach(part -> part.bringTo(fanout));
        } finally {
          if (missing.decrementAndGet() == 0) {
            taken.run();
          }
        }
      });
    }
  }

  /** What lies before {@code to} and was not delivered is gone. */
  void gap(Topic topic, StreamPosition to) {
    meters.gap();
    for (Fanout fanout : fanouts) {
      fanout.loop().execute(() -> fanout.gap(topic, to));
    }
  }
}
