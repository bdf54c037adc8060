package io.madang.distribution.cluster;

import io.madang.distribution.process.HttpAddress;
import io.madang.distribution.process.RoleKind;
import java.util.Map;
import java.util.Optional;

/**
 * One process of the cluster, before it runs.
 *
 * @param name what its node is called and what stands before its lines, such as {@code chat-1}
 * @param settings what it gets beside the supervisor's own environment; carries the stores' passwords
 * @param memberPort where the others find it
 * @param healthPort where its health pages are
 * @param page where people reach it; gateways only
 */
record ChildPlan(
    String name,
    RoleKind kind,
    Map<String, String> settings,
    int memberPort,
    int healthPort,
    Optional<HttpAddress> page) {

  /** Without the settings, which carry passwords. */
  @Override
  public String toString() {
    return name;
  }
}
