package io.madang.gateway.connection;

import java.time.Duration;

/**
 * Whether a client reads as fast as it is sent to, by the bytes that wait for it. Above a bound it lags, and does so until most
 * of what waits was taken, so that it is not stopped and started with each message. A plain object; part of its {@link
 * Connection}.
 */
final class Backlog {
  /** How often it is looked whether a client that lags takes anything, in the time in which it must. */
  private static final int LOOKS = 4;

  private final long laggingBytes;
  private final long drainedBytes;
  private final long stalledMs;

  private boolean isLagging;

  /** When the network was last seen to take something, or the lag began; of no meaning while the client does not lag. */
  private long movedMs;

  /** What the network had ever taken then; of no meaning while the client does not lag. */
  private long seenTakenBytes;

  /**
   * @param laggingBytes above so many that wait the client lags
   * @param drainedBytes with no more than so many it ceases to
   * @param stalled a client that lags and takes nothing for so long is stalled
   */
  Backlog(long laggingBytes, long drainedBytes, Duration stalled) {
    this.laggingBytes = laggingBytes;
    this.drainedBytes = drainedBytes;
    this.stalledMs = stalled.toMillis();
  }

  boolean isLagging() {
    return isLagging;
  }

  /** Whether what is worth something only now is left out already. */
  boolean isBusy(long bytes) {
    return isLagging || bytes > laggingBytes / 2;
  }

  /** Whether the client begins to lag with so many bytes that wait. */
  boolean isAbove(long bytes) {
    return !isLagging && bytes > laggingBytes;
  }

  /** It lags from now on. */
  void begin(long takenBytes, long nowMs) {
    isLagging = true;
    seenTakenBytes = takenBytes;
    movedMs = nowMs;
  }

  /** Only so many bytes wait any more; true when the client ceases to lag. */
  boolean shrank(long bytes, long nowMs) {
    movedMs = nowMs;
    return bytes <= drainedBytes && end();
  }

  /** Whether the client lagged and ceases to, with so many bytes that wait and no word to come of when they are taken. */
  boolean isNoMoreThanMayWait(long bytes) {
    return bytes <= laggingBytes && end();
  }

  /** It does not lag any more; true when it did. */
  boolean end() {
    boolean did = isLagging;
    isLagging = false;
    return did;
  }

  /** When to look whether a client that lags is stalled. */
  long nextLookMs(long nowMs) {
    return Math.min(movedMs + stalledMs, nowMs + stalledMs / LOOKS);
  }

  /** Whether a client that lags has taken nothing for too long, now that it has taken so many bytes in all. */
  boolean isStalled(long takenBytes, long nowMs) {
    if (takenBytes != seenTakenBytes) {
      seenTakenBytes = takenBytes;
      movedMs = nowMs;
    }
    return nowMs >= movedMs + stalledMs;
  }
}
