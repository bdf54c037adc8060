package io.madang.runtime.topic;

/**
 * Says that from this publication on a user may no longer hear the topic: the gateway that delivers it ends the user's
 * subscriptions to the topic and to the topics it guards.
 *
 * @param user whose subscriptions end
 * @param reason what the client is told: {@code left}, {@code kicked}, {@code banned}, …
 */
public record Revocation(String user, String reason) {}
