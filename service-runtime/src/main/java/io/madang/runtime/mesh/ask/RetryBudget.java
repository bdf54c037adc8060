package io.madang.runtime.mesh.ask;

/**
 * Keeps retries to a tenth of the traffic, so that a sick service is not asked twice as much. One writer: the mesh loop.
 */
final class RetryBudget {
  private static final double EARNED_PER_CALL = 0.1;

  /** Enough to send again what is under way to a busy node when it falls silent. */
  private static final double MOST = 10_000;

  /** Retries that may be made now. */
  private double retries = 100;

  void onCall() {
    retries = Math.min(MOST, retries + EARNED_PER_CALL);
  }

  /** Takes all of them or none. */
  boolean take(int wanted) {
    if (retries < wanted) {
      return false;
    }
    retries -= wanted;
    return true;
  }
}
