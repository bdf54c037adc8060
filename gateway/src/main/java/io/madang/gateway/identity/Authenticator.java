package io.madang.gateway.identity;

import io.vertx.core.Future;

/**
 * Tells who presents a credential.
 *
 * <p>An instance belongs to one event loop and is asked and answers there only. The future fails with {@link
 * AuthenticationException} and nothing else that a client may see; every other failure is a bug.
 */
@FunctionalInterface
public interface Authenticator {
  Future<Principal> authenticate(Credential credential);

  /** Whether somebody who was let in would be let in still, as far as is known here. */
  default boolean stillCounts(Principal principal) {
    return true;
  }
}
