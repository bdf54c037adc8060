package io.madang.gateway.edge.signalr.negotiation;

import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/**
 * Which gateway goes on with the hub connections of one that stops or stopped, by their ids in one life. Safe on any thread: what is
 * known is replaced as a whole.
 */
public final class HubHeirs {
  /** Of so many that stopped it is known; the oldest are forgotten, whose clients came back long ago. */
  static final int MAX_KNOWN = 256;

  private final AtomicReference<Map<String, String>> heirs = new AtomicReference<>(Map.of());

  /** All that is known: heirs by who stopped, the oldest first. */
  Map<String, String> all() {
    return heirs.get();
  }

  public void goesOn(String stopping, String heir) {
    hear(Map.of(stopping, heir));
  }

  /** Another gateway knows this. What is known here already stays as old as it was. */
  void hear(Map<String, String> news) {
    heirs.updateAndGet(known -> {
      Map<String, String> more = new LinkedHashMap<>(known);
      more.putAll(news);
      Iterator<String> oldest = more.keySet().iterator();
      for (int over = more.size() - MAX_KNOWN; over > 0; over--) {
        oldest.next();
        oldest.remove();
      }
      return Collections.unmodifiableMap(more);
    });
  }

  /** Whether it goes on for any. */
  boolean isHeir(String node) {
    return heirs.get().containsValue(node);
  }

  /** Whether it is known to stop. */
  public boolean isStopping(String node) {
    return heirs.get().containsKey(node);
  }

  /** Who goes on for a gateway, or for whoever went on for it, and is there. */
  public Optional<String> of(String stopped, Predicate<String> isLive) {
    Map<String, String> known = heirs.get();
    String heir = known.get(stopped);
    for (int i = 0; heir != null && !isLive.test(heir) && i < known.size(); i++) {
      heir = known.get(heir);
    }
    return Optional.ofNullable(heir).filter(isLive);
  }
}
