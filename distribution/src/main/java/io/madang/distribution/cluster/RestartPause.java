package io.madang.distribution.cluster;

import java.time.Duration;

/**
 * How long to wait before a process that ended by itself is started again: {@link #FIRST}, doubled at each further end up to
 * {@link #LONGEST}, and from the beginning after a life of {@link #STEADY}.
 */
final class RestartPause {
  static final Duration FIRST = Duration.ofMillis(500);
  static final Duration LONGEST = Duration.ofSeconds(10);
  static final Duration STEADY = Duration.ofSeconds(30);

  /** What the next end costs. */
  private Duration next = FIRST;

  Duration after(Duration life) {
    if (life.compareTo(STEADY) >= 0) {
      next = FIRST;
    }
    Duration pause = next;
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
    return pause;
  }
}
