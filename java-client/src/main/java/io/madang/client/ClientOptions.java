package io.madang.client;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How a client reaches the mesh.
 *
 * @param gateways WebSocket addresses ({@code ws://host:8080/ws}), tried in turn at each attempt; at least one
 * @param token asked for a fresh access token at each attempt, on a thread of the client; empty when none is needed
 * @param connectTimeout for one attempt, until the gateway has answered {@code connect}
 * @param commandTimeout how long a command is resent before its future fails; its outcome is then unknown
 * @param firstBackoff the first wait before connecting again lies between 0 and this
 * @param lastBackoff no wait is longer
 */
public record ClientOptions(
    List<URI> gateways,
    Supplier<Optional<String>> token,
    Duration connectTimeout,
    Duration commandTimeout,
    Duration firstBackoff,
    Duration lastBackoff) {

  public ClientOptions {
    gateways = List.copyOf(gateways);
    if (gateways.isEmpty()) {
      throw new IllegalArgumentException("a client needs the address of a gateway");
    }
  }

  /** Options with the usual times: 10 s to connect, 30 s for a command, waits up to 0.5 s growing to 30 s. */
  public static ClientOptions of(List<URI> gateways, Supplier<Optional<String>> token) {
    return new ClientOptions(
        gateways,
        token,
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMillis(500),
        Duration.ofSeconds(30));
  }

  public ClientOptions withCommandTimeout(Duration timeout) {
    return new ClientOptions(gateways, token, connectTimeout, timeout, firstBackoff, lastBackoff);
  }
}
