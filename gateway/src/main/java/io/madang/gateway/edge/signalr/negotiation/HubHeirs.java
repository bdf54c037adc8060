package io.madang.gateway.edge.signalr.negotiation;

import io.madang.gateway.edge.relay.Fields;
import io.madang.runtime.topic.Payload;
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

  /** What a gateway tells the others. */
  public static Payload note(String stopping, String heir) {
    return Fields.write(out -> {
      out.text(stopping);
      out.text(heir);
    });
  }

  /** @throws IllegalArgumentException when it is no such note */
  public void heard(Payload note) {
    Fields.read(note, in -> {
      goesOn(in.text(), in.text());
      return true;
    });
  }

  public void goesOn(String stopping, String heir) {
    heirs.updateAndGet(known -> {
      Map<String, String> more = new LinkedHashMap<>(known);
      more.remove(stopping);
      more.put(stopping, heir);
      if (more.size() > MAX_KNOWN) {
        more.remove(more.keySet().iterator().next());
      }
      return more;
    });
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
