package io.madang.runtime.command;

import java.util.Optional;
import java.util.Set;

/**
 * Who asks, as the gateway verified it; services trust it.
 *
 * @param user id of the account or guest; of a service that asks another, {@code service:<name>}
 * @param name what others see; unique among accounts
 * @param roles what the token grants ({@code admin}, {@code moderator}, …)
 * @param guest whether the name is vouched for by nobody
 * @param connection the asking connection; absent for a single HTTP request or a service
 * @param gateway the node that has this connection, as the bus says; known only to the service that it asked itself
 * @param kind whether a person asks or a service
 */
public record Caller(
    String user,
    String name,
    Set<String> roles,
    boolean guest,
    Optional<String> connection,
    Optional<String> gateway,
    Kind kind) {

  /** Who can ask. */
  public enum Kind {
    PERSON,
    SERVICE
  }

  public Caller {
    roles = Set.copyOf(roles);
  }

  public static Caller person(
      String user, String name, Set<String> roles, boolean guest, Optional<String> connection) {
    return new Caller(user, name, roles, guest, connection, Optional.empty(), Kind.PERSON);
  }

  /** Another service of the mesh; commands that only services may give check {@link #isService()}. */
  public static Caller service(String service) {
    return new Caller(
        "service:" + service,
        service,
        Set.of(),
        false,
        Optional.empty(),
        Optional.empty(),
        Kind.SERVICE);
  }

  /** As the node knows this caller that was asked by {@code node}. */
  public Caller through(String node) {
    return connection.isEmpty()
        ? this
        : new Caller(user, name, roles, guest, connection, Optional.of(node), kind);
  }

  public boolean isService() {
    return kind == Kind.SERVICE;
  }

  public boolean hasRole(String role) {
    return roles.contains(role);
  }
}
