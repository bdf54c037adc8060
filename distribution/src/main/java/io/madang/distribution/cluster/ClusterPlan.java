package io.madang.distribution.cluster;

import io.madang.distribution.process.HttpAddress;
import io.madang.distribution.process.RoleKind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which processes a cluster on one machine has: two where the promise is that one may die unnoticed, one of each other. A plain
 * list; the order is that of starting, services before gateways.
 */
final class ClusterPlan {
  private static final Map<RoleKind, Integer> NODES = new EnumMap<>(Map.of(
      RoleKind.CHAT, 2,
      RoleKind.PRESENCE, 1,
      RoleKind.NOTIFICATION, 1,
      RoleKind.DASHBOARD, 1,
      RoleKind.GATEWAY, 2));

  /** What the plan decides for each process; set from outside it could only be wrong for all but one. */
  static final List<String> DECIDED_HERE = List.of(
      "MADANG_NODE_NAME",
      "MADANG_HEALTH_PORT",
      "MADANG_CLUSTER_PORT",
      "MADANG_BUS_PORT",
      "MADANG_CLUSTER_PUBLIC_PORT",
      "MADANG_BUS_PUBLIC_PORT",
      "MADANG_CLUSTER_MEMBERS",
      "MADANG_CLUSTER_DNS");

  private static final int PORTS_PER_NODE = 3;

  private ClusterPlan() {}

  /** How many ports {@link #of} takes. */
  static int portsNeeded() {
    return NODES.values().stream().mapToInt(count -> count * PORTS_PER_NODE).sum();
  }

  static int gateways() {
    return NODES.get(RoleKind.GATEWAY);
  }

  /**
   * @param shared settings of every process: the stores, the cluster's name
   * @param pages one address for each gateway
   * @param ports as many free ones as {@link #portsNeeded}
   */
  static List<ChildPlan> of(
      Map<String, String> shared, List<HttpAddress> pages, List<Integer> ports) {
    Iterator<Integer> port = ports.iterator();
    Iterator<HttpAddress> page = pages.iterator();
    List<ChildPlan> plans = new ArrayList<>();
    for (RoleKind kind : RoleKind.values()) {
      for (int number = 1; number <= NODES.get(kind); number++) {
        Optional<HttpAddress> own =
            kind == RoleKind.GATEWAY ? Optional.of(page.next()) : Optional.empty();
        plans.add(plan(kind, number, shared, port, own));
      }
    }
    String members = plans.stream()
        .map(plan -> "127.0.0.1:" + plan.memberPort())
        .collect(Collectors.joining(","));
    plans.forEach(plan -> plan.settings().put("MADANG_CLUSTER_MEMBERS", members));
    return List.copyOf(plans);
  }

  private static ChildPlan plan(
      RoleKind kind,
      int number,
      Map<String, String> shared,
      Iterator<Integer> ports,
      Optional<HttpAddress> page) {
    String name = kind.word() + "-" + number;
    int member = ports.next();
    int bus = ports.next();
    int health = ports.next();
    Map<String, String> settings = new HashMap<>(shared);
    settings.put("MADANG_NODE_NAME", name);
    settings.put("MADANG_CLUSTER_HOST", "127.0.0.1");
    settings.put("MADANG_CLUSTER_PORT", String.valueOf(member));
    settings.put("MADANG_BUS_PORT", String.valueOf(bus));
    settings.put("MADANG_HEALTH_HOST", "127.0.0.1");
    settings.put("MADANG_HEALTH_PORT", String.valueOf(health));
    page.ifPresent(address -> settings.put("MADANG_HTTP_PORT", String.valueOf(address.port())));
    return new ChildPlan(name, kind, settings, member, health, page);
  }
}
