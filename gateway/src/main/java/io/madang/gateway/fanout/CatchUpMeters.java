package io.madang.gateway.fanout;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts how readers were brought up to date. Safe on any thread. */
final class CatchUpMeters {
  private final Counter readers;
  private final Counter merged;
  private final Counter fromRecent;

  CatchUpMeters(MeterRegistry metrics) {
    this.readers = Counter.builder("madang.catchups")
        .description("Readers that were brought up to date with a topic")
        .register(metrics);
    this.merged = Counter.builder("madang.catchups.merged")
        .description("Those of them that were served by a read for another")
        .register(metrics);
    this.fromRecent = Counter.builder("madang.catchups.recent")
        .description("Those of them that were served from the recent publications kept here")
        .register(metrics);
  }

  /**
   * A reader has its answer.
   *
   * @param byAnother whether a read for another served it
   * @param byRecent whether its past was among the recent publications
   */
  void served(boolean byAnother, boolean byRecent) {
    readers.increment();
    if (byAnother) {
      merged.increment();
    }
    if (byRecent) {
      fromRecent.increment();
    }
  }
}
