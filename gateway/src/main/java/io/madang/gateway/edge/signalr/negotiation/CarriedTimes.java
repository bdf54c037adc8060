package io.madang.gateway.edge.signalr.negotiation;

import io.madang.gateway.limit.DeadlineWheel;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * How long hub connections of one loop wait for what. The times are the protocol's; clients count on them.
 *
 * @param laterInTheTurn runs a task behind those that wait already, on the loop
 */
public record CarriedTimes(DeadlineWheel deadlines, LongSupplier clockMs, Executor laterInTheTurn) {
  /** A connection that nobody asks for is over after it; one that is over is remembered as long. */
  public static final Duration ABSENCE = Duration.ofSeconds(15);

  /** A poll for which nothing comes is answered with nothing after it. */
  public static final Duration POLL = Duration.ofSeconds(90);

  /** So often a poll that waits shows that its client is there. */
  static final Duration POLL_HEARD = Duration.ofSeconds(10);

  /** So often it is seen whether the gateway is there that has a connection's WebSocket. */
  static final Duration SOCKET_LOOKED_AFTER = Duration.ofSeconds(15);

  DeadlineWheel.Deadline after(Duration wait, Runnable task) {
    return deadlines.at(clockMs.getAsLong() + wait.toMillis(), task);
  }
}
