package io.madang.gateway.connection;

import io.madang.gateway.connection.measure.LoopTime;
import io.madang.gateway.limit.DeadlineWheel;
import java.time.Duration;
import java.time.Instant;

/** Clocks that stand still until told to go on, and the deadlines that go with them. */
final class FakeTime implements LoopTime {
  static final Instant START = Instant.parse("2030-01-31T12:00:00Z");

  private long nowMs = 1_000_000;
  final DeadlineWheel deadlines = new DeadlineWheel(nowMs);

  @Override
  public long nowMs() {
    return nowMs;
  }

  @Override
  public Instant instant() {
    return START.plusMillis(nowMs - 1_000_000);
  }

  /** Lets the time pass tick by tick, meeting deadlines on the way. */
  void pass(Duration time) {
    long until = nowMs + time.toMillis();
    while (nowMs < until) {
      nowMs = Math.min(until, nowMs + DeadlineWheel.TICK_MS);
      deadlines.advance(nowMs);
    }
  }
}
