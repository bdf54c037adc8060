package io.madang.presence.roster;

/** Lets so many things happen a second, and five times as many after a pause. Knows no clock. */
public final class Pace {
  private static final int SAVED_SECONDS = 5;
  private static final double SECOND_MS = 1_000;

  private final int perSecond;

  /** How many may happen now. */
  private double allowed;

  /** When that was counted. */
  private long countedMs;

  /** Begins as after a pause. */
  public Pace(int perSecond, long nowMs) {
    this.perSecond = perSecond;
    this.allowed = (double) perSecond * SAVED_SECONDS;
    this.countedMs = nowMs;
  }

  /** Whether one more may happen; then it is counted. */
  public boolean takes(long nowMs) {
    double most = (double) perSecond * SAVED_SECONDS;
    double since = Math.max(0, nowMs - countedMs) / SECOND_MS;
    allowed = Math.min(most, allowed + since * perSecond);
    countedMs = nowMs;
    if (allowed < 1) {
      return false;
    }
    allowed--;
    return true;
  }
}
