package io.madang.runtime.membership;

import java.util.Set;

/**
 * One process of the mesh in one life.
 *
 * @param id name and incarnation, {@code gateway-1.k3f9x2ab}; in addresses, versions and leases
 * @param name what an operator calls it; the same after a restart
 * @param roles what it runs: {@code gateway}, or the names of the services it hosts
 */
public record NodeInfo(String id, String name, Set<String> roles) {
  /** The role of a node that holds clients. */
  public static final String GATEWAY = "gateway";

  public NodeInfo {
    roles = Set.copyOf(roles);
    if (!id.startsWith(name + ".")) {
      throw new IllegalArgumentException(
          "a node's id is its name, a dot and its incarnation: " + id);
    }
  }

  /** What differs from one life of a name to the next: an epoch for what is kept in memory alone. */
  public String incarnation() {
    return id.substring(name.length() + 1);
  }

  public boolean isGateway() {
    return roles.contains(GATEWAY);
  }

  public boolean hosts(String service) {
    return roles.contains(service);
  }
}
