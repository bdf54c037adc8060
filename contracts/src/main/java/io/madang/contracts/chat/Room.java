package io.madang.contracts.chat;

import java.util.Optional;

/**
 * A room as one person sees it.
 *
 * @param hasPassword whether joining asks for one
 * @param temporary whether it goes when its last member leaves
 * @param members how many there are
 * @param role of the person who sees it; absent: not a member
 */
public record Room(
    RoomId room,
    String title,
    Visibility visibility,
    boolean hasPassword,
    boolean temporary,
    long members,
    Optional<RoomRole> role) {}
