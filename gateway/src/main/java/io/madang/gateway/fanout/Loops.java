package io.madang.gateway.fanout;

import io.madang.gateway.fanout.Endings.Ending;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

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
   * Brings publications to the connections; one that revokes ends its user's subscriptions before what comes after it.
   *
   * @param taken is run when the last loop has them, on that loop
   */
  void deliver(Map<Feed, List<Publication>> publications, Runnable taken) {
    List<Consumer<Fanout>> steps = new ArrayList<>();
    publications.forEach((feed, list) -> addSteps(feed, list, steps));
    if (steps.isEmpty() || fanouts.isEmpty()) {
      taken.run();
      return;
    }
    AtomicInteger missing = new AtomicInteger(fanouts.size());
    for (Fanout fanout : fanouts) {
      fanout.loop().execute(() -> {
        try {
          steps.forEach(step -> step.accept(fanout));
        } finally {
          if (missing.decrementAndGet() == 0) {
            taken.run();
          }
        }
      });
    }
  }

  private void addSteps(Feed feed, List<Publication> publications, List<Consumer<Fanout>> steps) {
    meters.ordered(publications.size());
    List<SharedPublication> together = new ArrayList<>();
    for (int i = 0; i < publications.size(); i++) {
      together.add(new SharedPublication(publications.get(i)));
      List<Ending> endings = Endings.of(feed, publications.get(i));
      if (!endings.isEmpty() || i == publications.size() - 1) {
        List<SharedPublication> shared = together;
        together = new ArrayList<>();
        steps.add(fanout -> fanout.deliver(feed.topic(), shared));
      }
      endings.forEach(ending -> steps.add(ending::applyTo));
    }
  }

  /** What lies between and was not delivered is gone, and with it whom it may have cut off. */
  void gap(Feed feed, StreamPosition from, StreamPosition to) {
    meters.gap();
    for (Fanout fanout : fanouts) {
      fanout.loop().execute(() -> {
        fanout.gap(feed.topic(), from, to);
        feed.guarded.forEach(fanout::renew);
      });
    }
  }
}
