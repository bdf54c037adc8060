package io.madang.presence;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** The time of a test: the clock of Redis plus what the test leapt. */
final class TestTime {
  private final AtomicLong skewMs = new AtomicLong();

  long skewMs() {
    return skewMs.get();
  }

  void leap(Duration time) {
    skewMs.addAndGet(time.toMillis());
  }

  /** Lets time pass as it does in life, with somebody sweeping all the while. */
  void pass(Duration time, Duration beat, PresenceNode sweeping) {
    long left = time.toMillis();
    while (left > 0) {
      long step = Math.min(left, beat.toMillis());
      skewMs.addAndGet(step);
      left -= step;
      sweeping.await(() -> sweeping.service().sweepNow());
    }
  }
}
