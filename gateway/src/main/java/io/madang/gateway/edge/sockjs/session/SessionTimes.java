package io.madang.gateway.edge.sockjs.session;

import io.madang.gateway.limit.DeadlineWheel;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * How long sessions of one loop wait for what.
 *
 * @param absence a session for which no response waits is over after it
 * @param heartbeat so often a response that waits is told one
 * @param laterInTheTurn runs a task behind those that wait already, on the loop
 */
public record SessionTimes(
    Duration absence,
    Duration heartbeat,
    DeadlineWheel deadlines,
    LongSupplier clockMs,
    Executor laterInTheTurn) {
  /** Of the protocol; clients count on it. */
  public static final Duration ABSENCE = Duration.ofSeconds(5);

  /** One transport's client gives up a response that is silent for 35 s. */
  public static final Duration LONGEST_HEARTBEAT = Duration.ofSeconds(25);

  DeadlineWheel.Deadline after(Duration wait, Runnable task) {
    return deadlines.at(clockMs.getAsLong() + wait.toMillis(), task);
  }
}
