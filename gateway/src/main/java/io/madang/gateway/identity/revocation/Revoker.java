package io.madang.gateway.identity.revocation;

import java.util.List;

/** Takes what shall count no more; safe on any thread, and never fails. */
@FunctionalInterface
public interface Revoker {
  void revoke(List<Revocation> revocations);

  default void revoke(Revocation revocation) {
    revoke(List.of(revocation));
  }
}
