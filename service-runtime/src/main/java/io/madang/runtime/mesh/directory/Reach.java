package io.madang.runtime.mesh.directory;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Since when no node of a service takes what this node asks, as a plain object that is told the time. Written on the mesh loop;
 * read on any thread, as each change replaces the whole view.
 *
 * <p>A service that this process never heard of is not missed, so that processes may start in any order; one it once heard of
 * is missed as long as the process lives.
 */
public final class Reach {
  /** When each service was reached last, if it is not now, on the caller's clock. */
  private volatile Map<String, Long> missedSinceMs = Map.of();

  /**
   * Looks again.
   *
   * @param known services this process heard of
   * @param reached whether a node of the service takes commands now
   */
  public void look(Collection<String> known, Predicate<String> reached, long nowMs) {
    Map<String, Long> before = missedSinceMs;
    Map<String, Long> missed = new TreeMap<>();
    for (String service : known) {
      if (!reached.test(service)) {
        missed.put(service, before.getOrDefault(service, nowMs));
      }
    }
    if (!missed.equals(before)) {
      missedSinceMs = Map.copyOf(missed);
    }
  }

  /** How long each service that is missed now has been. Safe on any thread. */
  public Map<String, Duration> missed(long nowMs) {
    Map<String, Duration> result = new TreeMap<>();
    missedSinceMs.forEach(
        (service, since) -> result.put(service, Duration.ofMillis(Math.max(0, nowMs - since))));
    return result;
  }
}
