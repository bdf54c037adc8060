package io.madang.gateway.edge.signalr.replay;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes all hub connections of a gateway may keep together for clients that may come back. Counted as if no two kept the
 * same, so that it is never more. Safe on any thread.
 */
public final class ReplayBudget {
  private final long maxBytes;
  private final AtomicLong kept = new AtomicLong();

  public ReplayBudget(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Whether there is room for so many more; they are counted if so. */
  boolean take(long bytes) {
    long now = kept.addAndGet(bytes);
    if (now > maxBytes) {
      kept.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  void giveBack(long bytes) {
    kept.addAndGet(-bytes);
  }

  /** How many are kept just now. */
  public long keptBytes() {
    return kept.get();
  }
}
