package io.madang.gateway.identity.revocation;

import io.madang.gateway.identity.AuthenticationException;
import io.madang.gateway.identity.AuthenticationException.Reason;
import io.madang.gateway.identity.Authenticator;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.identity.Principal;
import io.vertx.core.Future;

/** Turns away who is revoked, whatever vouches for the credential. For the event loop of both it is made of. */
public final class GuardedAuthenticator implements Authenticator {
  private final Authenticator authenticator;
  private final LoopRevocations revocations;

  public GuardedAuthenticator(Authenticator authenticator, LoopRevocations revocations) {
    this.authenticator = authenticator;
    this.revocations = revocations;
  }

  @Override
  public Future<Principal> authenticate(Credential credential) {
    return authenticator
        .authenticate(credential)
        .compose(principal -> stillCounts(principal)
            ? Future.succeededFuture(principal)
            : Future.failedFuture(new AuthenticationException(Reason.REVOKED)));
  }

  @Override
  public boolean stillCounts(Principal principal) {
    return !revocations.isRevoked(principal);
  }
}
