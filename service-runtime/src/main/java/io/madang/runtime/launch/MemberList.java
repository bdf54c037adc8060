package io.madang.runtime.launch;

import io.madang.runtime.membership.Neighbours;
import io.madang.runtime.membership.NodeInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.UUID;

/**
 * What was told of the cluster's members, as a plain object: each look at the present list tells what has changed since the last.
 * Of several incarnations of a name the one that joined last is the node, in whatever order one hears of them. One caller at a
 * time.
 */
final class MemberList {
  /**
   * A node as long as it is in the cluster.
   *
   * @param member another one when the node has left and come again
   */
  record Stay(UUID member, NodeInfo node) {}

  /** Nodes that were told as found and not as lost since, by member. */
  private final Map<UUID, NodeInfo> told = new LinkedHashMap<>();

  /** Tells who is lost, then who is found. */
  void look(List<Stay> oldestFirst, Neighbours.Listener listener) {
    Map<String, Stay> newestOfName = new LinkedHashMap<>();
    oldestFirst.forEach(stay -> newestOfName.put(stay.node().name(), stay));
    Map<UUID, NodeInfo> present = new LinkedHashMap<>();
    newestOfName.values().forEach(stay -> present.put(stay.member(), stay.node()));

    for (Entry<UUID, NodeInfo> known : List.copyOf(told.entrySet())) {
      if (!present.containsKey(known.getKey())) {
        told.remove(known.getKey());
        listener.lost(known.getValue().id());
      }
    }
    present.forEach((member, node) -> {
      if (told.putIfAbsent(member, node) == null) {
        listener.found(node);
      }
    });
  }
}
