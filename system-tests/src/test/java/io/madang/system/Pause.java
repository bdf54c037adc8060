package io.madang.system;

import java.time.Duration;
import org.awaitility.Awaitility;

/** Time that passes because a fault lasts so long, not because something is waited for. */
final class Pause {
  private static final Duration SLACK = Duration.ofSeconds(2);

  private Pause() {}

  static void of(Duration length) {
    long end = System.nanoTime() + length.toNanos();
    Awaitility.await("the end of a pause")
        .atMost(length.plus(SLACK))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> System.nanoTime() >= end);
  }
}
