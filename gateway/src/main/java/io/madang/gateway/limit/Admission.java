package io.madang.gateway.limit;

import java.util.HashMap;
import java.util.Map;

/**
 * Counts the connections of one gateway by network address and by user, and lets new ones in or not. One writer; see
 * {@link AdmissionDesk} for how every event loop reaches it.
 */
public final class Admission {
  /**
   * How many there may be.
   *
   * @param acceptsPerSecond new connections a second, of all clients together; a second's worth may come at once
   * @param perAddress connections of one network address at the same time
   * @param perUser connections of one user at the same time
   */
  public record Limits(int acceptsPerSecond, int perAddress, int perUser) {}

  /** What a newcomer is told. */
  public sealed interface Verdict {}

  /** Welcome; its counterpart must be released when the connection ends. */
  public record Welcome() implements Verdict {}

  /** Too many at once for this address or user. */
  public record TooMany(int limit) implements Verdict {}

  /** New connections come too fast; in {@code retryAfterMs} there is room for one. */
  public record TooFast(long retryAfterMs) implements Verdict {}

  private static final Verdict WELCOME = new Welcome();

  private final Limits limits;
  private final TokenBucket accepts;
  private final Map<String, Integer> byAddress = new HashMap<>();
  private final Map<String, Integer> byUser = new HashMap<>();

  public Admission(Limits limits, long nowMs) {
    this.limits = limits;
    this.accepts = new TokenBucket(limits.acceptsPerSecond(), limits.acceptsPerSecond(), nowMs);
  }

  /** A connection from {@code address} wants in. */
  Verdict admit(String address, long nowMs) {
    if (byAddress.getOrDefault(address, 0) >= limits.perAddress()) {
      return new TooMany(limits.perAddress());
    }
    long waitMs = accepts.take(nowMs);
    if (waitMs > 0) {
      return new TooFast(waitMs);
    }
    byAddress.merge(address, 1, Integer::sum);
    return WELCOME;
  }

  /** A connection from {@code address} wants in whose pace was asked about before. */
  Verdict hold(String address) {
    if (byAddress.getOrDefault(address, 0) >= limits.perAddress()) {
      return new TooMany(limits.perAddress());
    }
    byAddress.merge(address, 1, Integer::sum);
    return WELCOME;
  }

  void release(String address) {
    decrement(byAddress, address);
  }

  /** A connection that was let in is now known to be {@code user}'s. */
  Verdict admitUser(String user) {
    if (byUser.getOrDefault(user, 0) >= limits.perUser()) {
      return new TooMany(limits.perUser());
    }
    byUser.merge(user, 1, Integer::sum);
    return WELCOME;
  }

  void releaseUser(String user) {
    decrement(byUser, user);
  }

  private static void decrement(Map<String, Integer> counts, String key) {
    counts.computeIfPresent(key, (same, count) -> count == 1 ? null : count - 1);
  }
}
