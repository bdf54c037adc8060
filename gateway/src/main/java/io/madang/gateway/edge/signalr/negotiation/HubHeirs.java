package io.madang.gateway.edge.signalr.negotiation;

import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/**
 * Which gateway goes on with the hub connections of one that stops or stopped, by their ids in one life. Safe on any thread: what is
 * known is replaced as a whole. Gateways that told each other all they know know the same, in whatever order they heard it.
 */
public final class HubHeirs {
  /** Of so many that stopped it is known; those that stopped first are forgotten, whose clients came back long ago. */
  static final int MAX_KNOWN = 256;

  /**
   * Who goes on for a gateway.
   *
   * @param sinceMs when that stopped, by its clock
   */
  record Heir(String node, long sinceMs) {}

  private static final Comparator<Map.Entry<String, Heir>> FIRST_STOPPED =
      Comparator.<Map.Entry<String, Heir>>comparingLong(each -> each.getValue().sinceMs())
          .thenComparing(Map.Entry::getKey);

  private final AtomicReference<Map<String, Heir>> heirs = new AtomicReference<>(Map.of());

  /** All that is known: heirs by who stopped. */
  Map<String, Heir> all() {
    return heirs.get();
  }

  /** @param sinceMs by the clock of the one that stops */
  public void goesOn(String stopping, String heir, long sinceMs) {
    hear(Map.of(stopping, new Heir(heir, sinceMs)));
  }

  /** Another gateway knows this. Each names its heir once, so nothing that is known here is another there. */
  void hear(Map<String, Heir> news) {
    heirs.updateAndGet(known -> {
      Map<String, Heir> more = new HashMap<>(known);
      more.putAll(news);
      if (more.size() > MAX_KNOWN) {
        more.entrySet().stream()
            .sorted(FIRST_STOPPED)
            .limit(more.size() - MAX_KNOWN)
            .map(Map.Entry::getKey)
            .toList()
            .forEach(more::remove);
      }
      return Collections.unmodifiableMap(more);
    });
  }

  /** Whether it goes on for any. */
  boolean isHeir(String node) {
    return heirs.get().values().stream().anyMatch(heir -> heir.node().equals(node));
  }

  /** Whether it is known to stop. */
  public boolean isStopping(String node) {
    return heirs.get().containsKey(node);
  }

  /** Who goes on for a gateway, or for whoever went on for it, and is there. */
  public Optional<String> of(String stopped, Predicate<String> isLive) {
    Map<String, Heir> known = heirs.get();
    Optional<String> heir = heirOf(known, stopped);
    for (int i = 0; heir.filter(node -> !isLive.test(node)).isPresent() && i < known.size(); i++) {
      heir = heirOf(known, heir.get());
    }
    return heir.filter(isLive);
  }

  private static Optional<String> heirOf(Map<String, Heir> known, String stopped) {
    return Optional.ofNullable(known.get(stopped)).map(Heir::node);
  }
}
