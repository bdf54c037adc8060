package io.madang.notification.ledger;

import io.madang.contracts.notification.NotificationEvent;
import io.madang.runtime.topic.StreamPosition;

/**
 * One event of a user's topic as it was committed. The offsets of a user's entries have no gaps.
 *
 * @param user whose topic
 * @param position of the event
 * @param timeMillis when it was committed, milliseconds since 1970 by the database
 * @param commandId of the command that made it
 * @param event what happened
 */
public record Entry(
    String user, StreamPosition position, long timeMillis, String commandId, NotificationEvent event) {}
