package io.madang.contracts.chat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One message of a room as one person reads it.
 *
 * @param id unique in the mesh
 * @param offset its place in the room
 * @param time when it was accepted, by the store's clock
 * @param text empty when it was deleted
 * @param mentions ids of the users it names
 * @param edited when it was last changed
 * @param deleted whether it is a tombstone
 * @param command id of the command that sent it, for its sender
 */
public record Message(
    String id,
    long offset,
    Instant time,
    Person user,
    String text,
    List<String> mentions,
    Optional<Instant> edited,
    boolean deleted,
    Optional<String> command,
    List<Reaction> reactions) {
  public Message {
    mentions = List.copyOf(mentions);
    reactions = List.copyOf(reactions);
  }

  /**
   * How often one emoji was given.
   *
   * @param mine whether by the reader too
   */
  public record Reaction(String emoji, long count, boolean mine) {}
}
