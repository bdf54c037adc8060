package io.madang.runtime.membership;

/**
 * Whether this process stood still for longer than the others wait for a sign of it: then they did without it, and what it knows
 * may be old. A plain object with one writer, the mesh loop, which asks it before anything that came meanwhile is looked at.
 */
public final class OwnPulse {
  private static final long LEASE_MS = Membership.SUSPECT_AFTER.toMillis();

  /** When it was asked last; Long.MIN_VALUE before the first time. */
  private long askedAtMillis = Long.MIN_VALUE;

  /** True once after each such time. */
  public boolean stoodStill(long nowMillis) {
    boolean still = askedAtMillis != Long.MIN_VALUE && nowMillis - askedAtMillis > LEASE_MS;
    askedAtMillis = nowMillis;
    return still;
  }
}
