package io.madang.gateway.connection.measure;

import java.time.Duration;

/**
 * What one connection may use.
 *
 * @param maxMessageBytes of one message from the client, which its edge holds it to; shown to the client
 * @param connectTimeout within which somebody must be signed in, else the connection is closed with 4002
 * @param keepAlive after so long without a word from the client it is asked for a sign of life; shown to the client
 * @param clientTimeout after so long without a word from the client the connection is closed with 4001
 * @param commandsPerSecond requests in the long run; more are answered with {@code rate-limited}
 * @param commandBurst requests at once after a pause
 * @param maxPending requests that wait for their answer, open streams included; more get {@code too-many-requests}
 * @param maxPendingBytes of arguments of those; more get {@code too-many-requests}, unless nothing else waits
 * @param maxAsks questions of services that the client may have before it, where it can be asked; more fail at once
 * @param maxTopics subscriptions; more are answered with {@code too-many-topics}
 * @param laggingBytes queued for a client that reads slowly; beyond, it is brought no publications until it has read most of
 *     them, then its topics continue where it stands
 * @param stalled a client beyond that takes nothing for so long is closed with 4000
 * @param maxOutboundBytes queued for a client that does not read; beyond, the connection is closed with 4000
 * @param maxResumedBytes of what the topics of one resume bring with its answer; topics beyond it are refused with {@code
 *     too-large}, to be subscribed to by themselves
 */
public record ConnectionLimits(
    int maxMessageBytes,
    Duration connectTimeout,
    Duration keepAlive,
    Duration clientTimeout,
    int commandsPerSecond,
    int commandBurst,
    int maxPending,
    int maxPendingBytes,
    int maxAsks,
    int maxTopics,
    int laggingBytes,
    Duration stalled,
    int maxOutboundBytes,
    int maxResumedBytes) {
  /** A client that lags has read most of what waited when only this part of the bound waits. */
  private static final int DRAINED_TO = 4;

  /** A client that lags does so until no more waits for it than this, so that it is not stopped and started with each message. */
  public int drainedBytes() {
    return laggingBytes / DRAINED_TO;
  }
}
