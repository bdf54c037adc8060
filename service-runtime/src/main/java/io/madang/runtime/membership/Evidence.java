package io.madang.runtime.membership;

import io.madang.runtime.membership.Membership.Change;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which nodes may have published what never came here, and when to compare positions because of it: at once when a node falls
 * silent, leaves, or is heard again; then every {@link #EVERY}, of a silent node as long as it is silent, of one that left
 * for {@link #AFTER_GONE}. A plain object with one writer, the mesh loop.
 */
public final class Evidence {
  static final Duration EVERY = Duration.ofSeconds(2);

  /** So long a store may still carry out what the node had asked of it, which then nobody publishes. */
  static final Duration AFTER_GONE = Duration.ofSeconds(6);

  private record Watched(NodeInfo node, long dueAtMillis, long untilMillis) {}

  /** Nodes that are not heard, by id. */
  private final Map<String, Watched> watched = new TreeMap<>();

  /** Nodes whose services' topics are to be compared because of {@code change}. */
  public List<NodeInfo> on(Change change, long nowMillis) {
    NodeInfo node = change.node();
    if (change instanceof Membership.Suspected) {
      watch(node, nowMillis, Long.MAX_VALUE);
      return List.of(node);
    }
    if (change instanceof Membership.Gone) {
      watch(node, nowMillis, nowMillis + AFTER_GONE.toMillis());
      return List.of(node);
    }
    if (change instanceof Membership.Returned) {
      watched.remove(node.id());
      return List.of(node);
    }
    return List.of();
  }

  private void watch(NodeInfo node, long nowMillis, long untilMillis) {
    watched.put(node.id(), new Watched(node, nowMillis + EVERY.toMillis(), untilMillis));
  }

  /** Nodes whose topics are to be compared once more. */
  public List<NodeInfo> due(long nowMillis) {
    List<NodeInfo> due = new ArrayList<>();
    watched.replaceAll((id, of) -> {
      if (of.dueAtMillis() > nowMillis) {
        return of;
      }
      due.add(of.node());
      return new Watched(of.node(), nowMillis + EVERY.toMillis(), of.untilMillis());
    });
    watched.values().removeIf(of -> of.dueAtMillis() > of.untilMillis());
    return due;
  }
}
