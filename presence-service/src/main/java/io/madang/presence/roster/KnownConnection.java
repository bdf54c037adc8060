package io.madang.presence.roster;

import java.util.Set;

/**
 * What is known of a connection.
 *
 * @param user whose it is
 * @param open whether the connection itself was told, not only a subscription of it
 * @param rooms it is in
 */
public record KnownConnection(String user, boolean open, Set<String> rooms) {
  public KnownConnection {
    rooms = Set.copyOf(rooms);
  }
}
