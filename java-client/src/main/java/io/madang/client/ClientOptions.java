package io.madang.client;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How a client reaches the mesh.
 *
 * @param gateways WebSocket addresses ({@code ws://host:8080/ws}, {@code wss://…}), tried in turn at each attempt; at least
 *     one
 * @param token asked for an access token at each attempt and again when the one in use comes near its end; empty when none
 *     is needed. Called on a thread of its own, where it may block, and never twice at a time. What it throws counts as a
 *     failed attempt; a call that takes longer than {@code connectTimeout} does too, and serves the next attempt
 * @param connectTimeout for one attempt, from asking for the token until the gateway has answered {@code connect}
 * @param commandTimeout how long a command is resent before its future fails; its outcome is then unknown
 * @param firstBackoff the first wait before connecting again lies between 0 and this; the bound doubles with each attempt
 * @param lastBackoff no wait of the client's own is longer; a gateway that asks for a longer one gets it
 * @param maxPending commands that wait for their answer, sent or not; one more fails at once with {@code too-many-requests}
 */
public record ClientOptions(
    List<URI> gateways,
    Supplier<Optional<String>> token,
    Duration connectTimeout,
    Duration commandTimeout,
    Duration firstBackoff,
    Duration lastBackoff,
    int maxPending) {

  /**
   * @throws IllegalArgumentException naming what cannot be used: no gateway, an address that is no WebSocket's, a time that
   *     is not positive, a last wait below the first
   */
  public ClientOptions {
    gateways = List.copyOf(gateways);
    Objects.requireNonNull(token, "token");
    if (gateways.isEmpty()) {
      throw new IllegalArgumentException("a client needs the address of a gateway");
    }
    gateways.forEach(ClientOptions::requireWebSocket);
    requirePositive("connectTimeout", connectTimeout);
    requirePositive("commandTimeout", commandTimeout);
    requirePositive("firstBackoff", firstBackoff);
    if (lastBackoff.compareTo(firstBackoff) < 0) {
      throw new IllegalArgumentException("lastBackoff must not be below firstBackoff");
    }
    if (maxPending < 1) {
      throw new IllegalArgumentException("maxPending must be at least 1");
    }
  }

  /**
   * Options with the usual bounds: 10 s to connect, 30 s for a command, waits up to 0.5 s growing to 30 s, 4096 commands that
   * wait.
   */
  public static ClientOptions of(List<URI> gateways, Supplier<Optional<String>> token) {
    return new ClientOptions(
        gateways,
        token,
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMillis(500),
        Duration.ofSeconds(30),
        4_096);
  }

  public ClientOptions withConnectTimeout(Duration timeout) {
    return new ClientOptions(
        gateways, token, timeout, commandTimeout, firstBackoff, lastBackoff, maxPending);
  }

  public ClientOptions withCommandTimeout(Duration timeout) {
    return new ClientOptions(
        gateways, token, connectTimeout, timeout, firstBackoff, lastBackoff, maxPending);
  }

  public ClientOptions withBackoff(Duration first, Duration last) {
    return new ClientOptions(
        gateways, token, connectTimeout, commandTimeout, first, last, maxPending);
  }

  public ClientOptions withMaxPending(int commands) {
    return new ClientOptions(
        gateways, token, connectTimeout, commandTimeout, firstBackoff, lastBackoff, commands);
  }

  private static void requireWebSocket(URI gateway) {
    String scheme = gateway.getScheme();
    if (!"ws".equalsIgnoreCase(scheme) && !"wss".equalsIgnoreCase(scheme)) {
      throw new IllegalArgumentException(
          "a gateway's address begins with ws:// or wss://, unlike " + gateway);
    }
  }

  private static void requirePositive(String name, Duration time) {
    if (time.toMillis() < 1) {
      throw new IllegalArgumentException(name + " must be at least a millisecond");
    }
  }
}
