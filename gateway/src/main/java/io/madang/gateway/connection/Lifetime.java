package io.madang.gateway.connection;

import io.madang.gateway.identity.Principal;
import io.madang.gateway.limit.DeadlineWheel.Deadline;
import io.madang.protocol.code.CloseCode;
import java.time.Duration;
import java.util.Optional;

/**
 * How long one connection may live: until nobody signed in in time, the peer was silent for too long, or the token is over; and, once
 * goodbye was said, how long the peer may take it. Part of its {@link Connection}.
 */
final class Lifetime {
  private final Connection connection;
  private final FrameSink sink;
  private final Surroundings around;
  private final Deadline connectDeadline;

  /** When anything was last heard from the peer, on the forward-only clock. */
  private long heardMs;

  /** The next look at whether the peer lives. */
  private Deadline silenceDeadline;

  /** When the token ends; empty while nobody is signed in. */
  private Optional<Deadline> expiryDeadline = Optional.empty();

  /** When the peer's time to take our goodbye is over; empty before it was said. */
  private Optional<Deadline> goodbyeDeadline = Optional.empty();

  Lifetime(Connection connection, FrameSink sink, Surroundings around) {
    this.connection = connection;
    this.sink = sink;
    this.around = around;
    this.heardMs = around.time().nowMs();
    this.connectDeadline = after(around.limits().connectTimeout(), this::onConnectTimeout);
    this.silenceDeadline = after(around.limits().keepAlive(), this::onQuiet);
  }

  private Deadline after(Duration wait, Runnable task) {
    return around.deadlines().at(around.time().nowMs() + wait.toMillis(), task);
  }

  // Before somebody is signed in.

  private void onConnectTimeout() {
    if (!connection.isSignedIn()) {
      connection.close(CloseCode.CONNECT_TIMEOUT, Duration.ZERO);
    }
  }

  /** Somebody is signed in. */
  void onSignedIn(Principal principal) {
    connectDeadline.cancel();
    expireWith(principal);
  }

  // The token.

  /** This token counts from now on. */
  void expireWith(Principal principal) {
    expiryDeadline.ifPresent(Deadline::cancel);
    Duration left = Duration.between(around.time().instant(), principal.expiresAt());
    expiryDeadline = Optional.of(after(left, this::onExpired));
  }

  private void onExpired() {
    Duration late = sink.onExpired();
    if (late.isZero()) {
      closeExpired();
    } else {
      expiryDeadline = Optional.of(after(late, this::closeExpired));
    }
  }

  private void closeExpired() {
    connection.close(CloseCode.TOKEN_EXPIRED, Duration.ZERO);
  }

  // Signs of life.

  /** Anything came from the peer. */
  void onHeard() {
    heardMs = around.time().nowMs();
  }

  private void onQuiet() {
    if (connection.isClosed()) {
      return;
    }
    long clientTimeoutMs = around.limits().clientTimeout().toMillis();
    long keepAliveMs = around.limits().keepAlive().toMillis();
    long silentMs = around.time().nowMs() - heardMs;
    if (silentMs >= clientTimeoutMs) {
      connection.close(CloseCode.CLIENT_SILENT, Duration.ZERO);
    } else if (silentMs >= keepAliveMs) {
      // A transport may find a sign of life at once, which is to count at the next look.
      long untilMs = heardMs + clientTimeoutMs;
      sink.probe();
      silenceDeadline = around.deadlines().at(untilMs, this::onQuiet);
    } else {
      silenceDeadline = around.deadlines().at(heardMs + keepAliveMs, this::onQuiet);
    }
  }

  // The end.

  /** The connection is over, and its transport may live on for a moment. */
  void end() {
    connectDeadline.cancel();
    silenceDeadline.cancel();
    expiryDeadline.ifPresent(Deadline::cancel);
  }

  /** The peer has {@link Connection#GOODBYE} from now on to take what it was told last. */
  void onGoodbye() {
    goodbyeDeadline = Optional.of(after(Connection.GOODBYE, sink::cut));
  }

  /** The transport ended. */
  void onTransportClosed() {
    goodbyeDeadline.ifPresent(Deadline::cancel);
  }
}
