package io.madang.gateway.fanout;

import java.time.Duration;

/**
 * What the hub may use.
 *
 * @param linger how long a topic stays wanted after its last subscriber left
 * @param maxAnswerBytes of the missed publications in one subscriber's answer, as {@link
 *     SubscribeOutcome.Subscribed#bytes()} counts them; it hears the rest as publications behind it
 * @param recentBytes of the newest publications of a topic, kept for those who come back; counted likewise
 */
public record HubLimits(Duration linger, int maxAnswerBytes, int recentBytes) {}
