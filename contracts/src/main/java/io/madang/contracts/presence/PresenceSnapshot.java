package io.madang.contracts.presence;

import java.util.List;

/**
 * Who is there when a subscriber starts.
 *
 * @param users some of them when there are too many, in no order
 * @param count how many there are
 */
public record PresenceSnapshot(List<Person> users, int count) {
  public PresenceSnapshot {
    users = List.copyOf(users);
  }
}
