package io.madang.contracts.presence;

import java.util.List;

/** Who is there when a subscriber starts: some of them when there are too many, and how many there are. */
public sealed interface PresenceSnapshot {

  /** Of {@code presence:<room>}, in no order, at most {@value PresenceNames#MAX_ROOM_SNAPSHOT}. */
  record Room(List<Present> users, int count) implements PresenceSnapshot {
    public Room {
      users = List.copyOf(users);
    }
  }

  /** Of {@code online}, who came last first, at most {@value PresenceNames#MAX_ONLINE_SNAPSHOT}. */
  record Online(List<Person> users, int count) implements PresenceSnapshot {
    public Online {
      users = List.copyOf(users);
    }
  }
}
