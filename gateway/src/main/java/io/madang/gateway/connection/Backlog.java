package io.madang.gateway.connection;

import java.time.Duration;

/**
 * Whether a client reads as fast as it is sent to, by the bytes that wait for it. Above a bound it lags, and does so until most
 * of what waits was taken, so that it is not stopped and started with each message. A plain object; part of its {@link
 * Connection}.
 */
final class Backlog {
  /** It lags no more when only this part of the bound waits. */
  private static final int DRAINED_TO = 4;

  private final long laggingBytes;
  private final long stalledMs;

  private boolean isLagging;

  /** When the network last took something, or the lag began; of no meaning while the client does not lag. */
  private long movedMs;

  /**
   * @param laggingBytes above so many that wait the client lags
   * @param stalled a client that lags and takes nothing for so long is stalled
   */
  Backlog(long laggingBytes, Duration stalled) {
    this.laggingBytes = laggingBytes;
    this.stalledMs = stalled.toMillis();
  }

  boolean isLagging() {
    return isLagging;
  }

  /** Whether what is worth something only now is left out already. */
  boolean isBusy(long bytes) {
    return isLagging || bytes > laggingBytes / 2;
  }

  /** So many bytes wait; true when the client begins to lag with them. */
  boolean grew(long bytes, long nowMs) {
    if (isLagging || bytes <= laggingBytes) {
      return false;
    }
    isLagging = true;
    movedMs = nowMs;
    return true;
  }

  /** Only so many bytes wait any more; true when the client ceases to lag. */
  boolean shrank(long bytes, long nowMs) {
    movedMs = nowMs;
    if (!isLagging || bytes > laggingBytes / DRAINED_TO) {
      return false;
    }
    isLagging = false;
    return true;
  }

  /** The connection is over. */
  void end() {
    isLagging = false;
  }

  /** When a client that lags is stalled unless the network takes something before. */
  long stalledAtMs() {
    return movedMs + stalledMs;
  }
}
