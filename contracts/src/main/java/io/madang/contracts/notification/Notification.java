package io.madang.contracts.notification;

import java.time.Instant;
import java.util.Optional;

/**
 * One thing a user should know.
 *
 * @param id unique in the mesh
 * @param userId whose it is
 * @param title a few words
 * @param message what happened; may be empty
 * @param type what the user can switch off, in lower case ({@code mention})
 * @param createdAt by the clock of the store, whole milliseconds
 * @param isRead whether the user has seen it
 * @param offset its place in the user's topic, above those of all older ones
 * @param data a JSON object for programs (which room, which message)
 */
public record Notification(
    String id,
    String userId,
    String title,
    String message,
    String type,
    Instant createdAt,
    boolean isRead,
    long offset,
    Optional<String> data) {}
