package io.madang.gateway.edge.signalr.replay;

import io.madang.gateway.limit.DeadlineWheel.Deadline;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;

/**
 * How a connection that may outlive its WebSocket waits, on its loop.
 *
 * @param after runs a task after a time, unless it is cancelled before
 * @param laterInTheTurn runs a task behind those that wait already
 */
public record LastingTimes(
    BiFunction<Duration, Runnable, Deadline> after, Executor laterInTheTurn) {}
