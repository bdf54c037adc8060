package io.madang.gateway.limit;

/** Lets so many things happen at once after a pause, and so many a second in the long run. One owner, not shared. */
public final class TokenBucket {
  private static final long MICROS = 1_000_000;

  private final long perSecond;
  private final long capacityMicros;

  /** Tokens there are, in millionths, as of {@link #filledMs}. */
  private long micros;

  /** The time {@link #micros} was brought up to, on the caller's clock. */
  private long filledMs;

  /**
   * @param perSecond tokens that come back each second, at least 1
   * @param burst tokens there are at most, at least 1; a new bucket is full
   */
  public TokenBucket(int perSecond, int burst, long nowMs) {
    if (perSecond < 1 || burst < 1) {
      throw new IllegalArgumentException("a bucket has a rate and a burst of at least 1");
    }
    this.perSecond = perSecond;
    this.capacityMicros = burst * MICROS;
    this.micros = capacityMicros;
    this.filledMs = nowMs;
  }

  /**
   * Takes one token if there is one.
   *
   * @return 0 if it was taken, else how many milliseconds until there is one
   */
  public long take(long nowMs) {
    return take(1, nowMs);
  }

  /**
   * Takes so many tokens, or as many as there can ever be, if they are there.
   *
   * @return 0 if they were taken, else how many milliseconds until they are there
   */
  public long take(int tokens, long nowMs) {
    fill(nowMs);
    long wanted = Math.min(tokens * MICROS, capacityMicros);
    if (micros >= wanted) {
      micros -= wanted;
      return 0;
    }
    long microsPerMs = perSecond * (MICROS / 1_000);
    return Math.max(1, (wanted - micros + microsPerMs - 1) / microsPerMs);
  }

  /** Whether nothing was taken for so long that a new bucket would be the same. */
  public boolean isFull(long nowMs) {
    fill(nowMs);
    return micros == capacityMicros;
  }

  private void fill(long nowMs) {
    long elapsedMs = nowMs - filledMs;
    if (elapsedMs <= 0) {
      return;
    }
    filledMs = nowMs;
    // Beyond the time that fills it from empty, elapsed time means nothing and could overflow.
    long msToFull = capacityMicros / (perSecond * (MICROS / 1_000)) + 1;
    micros = elapsedMs >= msToFull
        ? capacityMicros
        : Math.min(capacityMicros, micros + elapsedMs * perSecond * (MICROS / 1_000));
  }
}
