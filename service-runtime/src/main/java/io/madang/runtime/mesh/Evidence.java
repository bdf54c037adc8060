package io.madang.runtime.mesh;

import io.madang.runtime.membership.Membership;
import io.madang.runtime.membership.Membership.Change;
import io.madang.runtime.membership.NodeInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which nodes may have published what never came here, and when to compare positions because of it: at once when a node falls
 * silent, leaves, or is heard again, and every {@link #EVERY} while it is silent. A plain object with one writer, the mesh loop.
 */
final class Evidence {
  static final Duration EVERY = Duration.ofSeconds(2);

  private record Silent(NodeInfo node, long dueAtMillis) {}

  /** Nodes that are there and not heard, by id. */
  private final Map<String, Silent> silent = new TreeMap<>();

  /** Nodes whose services' topics are to be compared because of {@code change}. */
  List<NodeInfo> on(Change change, long nowMillis) {
    NodeInfo node = change.node();
    if (change instanceof Membership.Suspected) {
      silent.put(node.id(), new Silent(node, nowMillis + EVERY.toMillis()));
      return List.of(node);
    }
    if (change instanceof Membership.Gone || change instanceof Membership.Returned) {
      silent.remove(node.id());
      return List.of(node);
    }
    return List.of();
  }

  /** Nodes that are still silent and whose time has come. */
  List<NodeInfo> due(long nowMillis) {
    List<NodeInfo> due = new ArrayList<>();
    silent.replaceAll((id, of) -> {
      if (of.dueAtMillis() > nowMillis) {
        return of;
      }
      due.add(of.node());
      return new Silent(of.node(), nowMillis + EVERY.toMillis());
    });
    return due;
  }
}
