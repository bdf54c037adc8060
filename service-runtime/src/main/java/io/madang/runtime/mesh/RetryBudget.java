package io.madang.runtime.mesh;

/**
 * Keeps retries to a tenth of the traffic, so that a sick service is not asked twice as much. One writer: the mesh loop.
 */
final class RetryBudget {
  private static final double EARNED_PER_CALL = 0.1;
  private static final double MOST = 100;

  /** Retries that may be made now. */
  private double retries = 10;

  void onCall() {
    retries = Math.min(MOST, retries + EARNED_PER_CALL);
  }

  boolean take() {
    if (retries < 1) {
      return false;
    }
    retries--;
    return true;
  }
}
