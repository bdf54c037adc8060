package io.madang.contracts.chat;

import java.time.Instant;

/**
 * A message from one person to another; both have it in their inboxes.
 *
 * @param id the same in both
 * @param offset its place in the reader's inbox
 */
public record DirectMessage(
    String id, long offset, Instant time, Person user, Person to, String text) {}
