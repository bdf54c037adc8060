package io.madang.gateway;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a gateway does about services of which it reaches no node: after a while it says that it is not ready, later it sends its
 * clients away, who may do better at another. They are sent away once for each time a service is missed: when the service is
 * away everywhere they come back and keep what the other services give. A plain object; the sending belongs to one event loop,
 * {@link #problem} to any thread.
 */
final class MissedServices {
  private final Duration unreadyAfter;
  private final Duration sendAwayAfter;

  /** Missed services for whose sake the clients of this loop were sent away already. */
  private final Set<String> sentAwayFor = new HashSet<>();

  /**
   * @param unreadyAfter zero for never
   * @param sendAwayAfter zero for never
   */
  MissedServices(Duration unreadyAfter, Duration sendAwayAfter) {
    this.unreadyAfter = unreadyAfter;
    this.sendAwayAfter = sendAwayAfter;
  }

  /** Why the gateway is not ready, one sentence; empty when it is. */
  Optional<String> problem(Map<String, Duration> missed) {
    return missed.entrySet().stream()
        .filter(service -> isOver(service.getValue(), unreadyAfter))
        .map(service -> "reaches no node of %s since %d s"
            .formatted(service.getKey(), service.getValue().toSeconds()))
        .findFirst();
  }

  /** Whether the clients are to be sent away now. */
  boolean isTimeToSendAway(Map<String, Duration> missed) {
    sentAwayFor.retainAll(missed.keySet());
    boolean isTime = false;
    for (Map.Entry<String, Duration> service : missed.entrySet()) {
      if (isOver(service.getValue(), sendAwayAfter) && sentAwayFor.add(service.getKey())) {
        isTime = true;
      }
    }
    return isTime;
  }

  private static boolean isOver(Duration missed, Duration limit) {
    return !limit.isZero() && missed.compareTo(limit) >= 0;
  }
}
