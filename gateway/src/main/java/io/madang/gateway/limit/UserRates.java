package io.madang.gateway.limit;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One bucket per user, for requests that come without a connection. Belongs to one event loop. Holds at most {@value
 * #MAX_USERS} users; beyond, the one not seen for longest is forgotten and so starts with a full bucket again.
 */
public final class UserRates {
  static final int MAX_USERS = 10_000;

  private final int perSecond;
  private final int burst;
  private final Map<String, TokenBucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

  public UserRates(int perSecond, int burst) {
    this.perSecond = perSecond;
    this.burst = burst;
  }

  /** As {@link TokenBucket#take}. */
  public long take(String user, long nowMs) {
    TokenBucket bucket =
        buckets.computeIfAbsent(user, first -> new TokenBucket(perSecond, burst, nowMs));
    if (buckets.size() > MAX_USERS) {
      Iterator<TokenBucket> eldest = buckets.values().iterator();
      eldest.next();
      eldest.remove();
    }
    return bucket.take(nowMs);
  }
}
