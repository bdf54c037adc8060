package io.madang.gateway.identity.revocation;

import io.madang.gateway.identity.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The revocations that still matter, found by whom they are about. For one thread, without a clock of its own.
 *
 * <p>Holds {@code capacity} at most; beyond, the one that would end first makes room, whose tokens have the least time left.
 */
final class RevocationCopy {
  private final int capacity;
  private final Map<String, Revocation> users = new HashMap<>();
  private final Map<String, Revocation> sessions = new HashMap<>();

  RevocationCopy(int capacity) {
    this.capacity = capacity;
  }

  /** Takes a revocation over; false when it says nothing new. */
  boolean add(Revocation revocation, Instant now) {
    if (!revocation.until().isAfter(now)) {
      return false;
    }
    Map<String, Revocation> about = of(revocation.kind());
    Revocation known = about.get(revocation.id());
    if (known != null && !saysMore(revocation, known)) {
      return false;
    }
    if (known == null && size() >= capacity) {
      forgetFirstToEnd();
    }
    about.put(revocation.id(), known == null ? revocation : both(known, revocation));
    return true;
  }

  private static boolean saysMore(Revocation revocation, Revocation known) {
    return revocation.notBefore().isAfter(known.notBefore())
        || revocation.until().isAfter(known.until());
  }

  private static Revocation both(Revocation known, Revocation other) {
    return new Revocation(
        known.kind(),
        known.id(),
        later(known.notBefore(), other.notBefore()),
        later(known.until(), other.until()));
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private void forgetFirstToEnd() {
    all().stream()
        .min(Comparator.comparing(Revocation::until))
        .ifPresent(first -> of(first.kind()).remove(first.id()));
  }

  boolean isRevoked(Principal principal) {
    Revocation ofUser = users.get(principal.userId());
    return sessions.containsKey(principal.session())
        || (ofUser != null && ofUser.concerns(principal));
  }

  void forgetEnded(Instant now) {
    users.values().removeIf(revocation -> !revocation.until().isAfter(now));
    sessions.values().removeIf(revocation -> !revocation.until().isAfter(now));
  }

  List<Revocation> all() {
    List<Revocation> all = new ArrayList<>(users.values());
    all.addAll(sessions.values());
    return all;
  }

  int size() {
    return users.size() + sessions.size();
  }

  private Map<String, Revocation> of(Revocation.Kind kind) {
    return kind == Revocation.Kind.USER ? users : sessions;
  }
}
