package io.madang.gateway.connection.measure;

import java.time.Instant;

/** The two clocks a connection needs; tests own theirs. */
public interface LoopTime {

  /** Milliseconds of a clock that only goes forward, for all waiting. */
  long nowMs();

  /** The time of day, for what other machines wrote down. */
  Instant instant();

  /** The clocks of this machine. */
  static LoopTime system() {
    return new LoopTime() {
      @Override
      public long nowMs() {
        return System.nanoTime() / 1_000_000;
      }

      @Override
      public Instant instant() {
        return Instant.now();
      }
    };
  }
}
