package io.madang.gateway.identity.postgres;

import java.util.Optional;
import java.util.Set;

/**
 * Somebody who holds a name.
 *
 * @param password encoded hash, empty for a guest; never to be logged, and left out of {@link #toString}
 */
public record Account(String id, String name, Set<String> roles, Optional<String> password) {
  public Account {
    roles = Set.copyOf(roles);
  }

  public boolean isGuest() {
    return password.isEmpty();
  }

  @Override
  public String toString() {
    return "account " + id;
  }
}
