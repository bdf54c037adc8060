package io.madang.gateway.fanout;

import io.madang.gateway.fanout.Endings.Ending;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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

  /**
   * Brings publications to the connections, then ends what they revoke.
   *
   * @param taken is run when the last loop has them, on that loop
   */
  void deliver(Map<Feed, List<Publication>> publications, Runnable taken) {
    Map<Topic, List<SharedPublication>> shared = new LinkedHashMap<>();
    List<Ending> endings = new ArrayList<>();
    publications.forEach((feed, list) -> {
      if (!list.isEmpty()) {
        meters.ordered(list.size());
        shared.put(feed.topic(), list.stream().map(SharedPublication::new).toList());
        endings.addAll(Endings.of(feed, list));
      }
    });
    if (shared.isEmpty() || fanouts.isEmpty()) {
      taken.run();
      return;
    }
    AtomicInteger missing = new AtomicInteger(fanouts.size());
    for (Fanout fanout : fanouts) {
      fanout.loop().execute(() -> {
        try {
          shared.forEach(fanout::deliver);
          endings.forEach(ending -> ending.applyTo(fanout));
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
