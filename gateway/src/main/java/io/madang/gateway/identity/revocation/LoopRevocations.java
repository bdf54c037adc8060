package io.madang.gateway.identity.revocation;

import io.madang.gateway.identity.Principal;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** One event loop's copy of the log: asked and told on that loop only. */
public final class LoopRevocations {
  private final RevocationCopy copy;
  private final Consumer<Predicate<Principal>> cut;

  /** @param cut ends what lives on this loop of the principals that the predicate tells */
  LoopRevocations(int capacity, Consumer<Predicate<Principal>> cut) {
    this.copy = new RevocationCopy(capacity);
    this.cut = cut;
  }

  public boolean isRevoked(Principal principal) {
    return copy.isRevoked(principal);
  }

  /** Takes over what is new; whoever it is about ends now. */
  void take(List<Revocation> revocations, Instant now) {
    copy.forgetEnded(now);
    boolean more = false;
    for (Revocation revocation : revocations) {
      more |= copy.add(revocation, now);
    }
    if (more) {
      cut.accept(copy::isRevoked);
    }
  }
}
