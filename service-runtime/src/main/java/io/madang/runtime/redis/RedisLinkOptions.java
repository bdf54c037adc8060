package io.madang.runtime.redis;

import io.madang.runtime.store.Backoff;
import java.time.Duration;
import java.util.Objects;

/**
 * How one owner talks to Redis.
 *
 * @param url where it is
 * @param commandLimit how long an answer may take; then the command fails and the connection is replaced, as everything behind
 *     that command waits too
 * @param maxInFlight commands sent and not answered; one more is turned away
 * @param connectLimit how long one try to connect may take
 * @param backoff pauses between tries
 */
public record RedisLinkOptions(
    RedisUrl url, Duration commandLimit, int maxInFlight, Duration connectLimit, Backoff backoff) {

  public RedisLinkOptions {
    Objects.requireNonNull(url);
    Objects.requireNonNull(backoff);
    if (commandLimit.toMillis() < 1 || connectLimit.toMillis() < 1 || maxInFlight < 1) {
      throw new IllegalArgumentException("Limits of a Redis connection are positive");
    }
  }

  /** Answers within 2 s, 2,000 in flight, 3 s to connect. */
  public static RedisLinkOptions of(RedisUrl url) {
    return new RedisLinkOptions(
        url, Duration.ofSeconds(2), 2_000, Duration.ofSeconds(3), Backoff.standard());
  }

  public RedisLinkOptions withCommandLimit(Duration limit) {
    return new RedisLinkOptions(url, limit, maxInFlight, connectLimit, backoff);
  }

  public RedisLinkOptions withMaxInFlight(int limit) {
    return new RedisLinkOptions(url, commandLimit, limit, connectLimit, backoff);
  }

  public RedisLinkOptions withBackoff(Backoff pauses) {
    return new RedisLinkOptions(url, commandLimit, maxInFlight, connectLimit, pauses);
  }
}
