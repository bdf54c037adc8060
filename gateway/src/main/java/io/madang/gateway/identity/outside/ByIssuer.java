package io.madang.gateway.identity.outside;

import io.madang.gateway.identity.Authenticator;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.identity.Principal;
import io.madang.runtime.config.Secret;
import io.vertx.core.Future;

/**
 * Brings a token to whoever it names as its issuer, who has the keys to believe it or not. Everything else is our own issuer's.
 * For one event loop.
 */
public final class ByIssuer implements Authenticator {
  private final Authenticator own;
  private final Authenticator outside;
  private final String outsideIssuer;
  private final Credential.Handler<Authenticator> choice = new Choice();

  public ByIssuer(Authenticator own, Authenticator outside, String outsideIssuer) {
    this.own = own;
    this.outside = outside;
    this.outsideIssuer = outsideIssuer;
  }

  @Override
  public Future<Principal> authenticate(Credential credential) {
    return credential.dispatch(choice).authenticate(credential);
  }

  private final class Choice implements Credential.Handler<Authenticator> {
    @Override
    public Authenticator on(Credential.Bearer credential) {
      return by(credential.token());
    }

    @Override
    public Authenticator on(Credential.Ticket credential) {
      return own;
    }

    @Override
    public Authenticator on(Credential.Cookie credential) {
      return by(credential.token());
    }
  }

  private Authenticator by(Secret token) {
    boolean theirs =
        OutsideToken.issuerOf(token.value()).filter(outsideIssuer::equals).isPresent();
    return theirs ? outside : own;
  }
}
