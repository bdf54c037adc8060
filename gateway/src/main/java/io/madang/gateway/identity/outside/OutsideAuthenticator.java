package io.madang.gateway.identity.outside;

import io.madang.gateway.identity.AuthenticationException;
import io.madang.gateway.identity.AuthenticationException.Reason;
import io.madang.gateway.identity.Authenticator;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.identity.Principal;
import io.madang.gateway.identity.token.BadTokenException;
import io.madang.gateway.identity.token.Claims;
import io.madang.gateway.identity.token.VerifiedTokens;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tokens of an issuer that is not ours, on one event loop. Knows no tickets. */
final class OutsideAuthenticator implements Authenticator {
  private static final Logger LOG = LoggerFactory.getLogger(OutsideAuthenticator.class);

  /** Tokens remembered as verified; some 1 KB each. */
  private static final int REMEMBERED = 2_048;

  private final Vertx vertx;
  private final OutsideIssuer issuer;
  private final OutsideConfig config;
  private final Clock clock;
  private final OutsideClaims reader;
  private final VerifiedTokens verified = new VerifiedTokens(REMEMBERED);
  private final Credential.Handler<Future<Principal>> credentials = new Credentials();

  /** What {@link #signatures} was made of. */
  private List<OutsideKey> keys = List.of();

  /** Replaced when the keys change; null before the first token. */
  private OutsideSignatures signatures;

  OutsideAuthenticator(Vertx vertx, OutsideIssuer issuer, OutsideConfig config, Clock clock) {
    this.vertx = vertx;
    this.issuer = issuer;
    this.config = config;
    this.clock = clock;
    this.reader = new OutsideClaims(config);
  }

  @Override
  public Future<Principal> authenticate(Credential credential) {
    return credential.dispatch(credentials);
  }

  private final class Credentials implements Credential.Handler<Future<Principal>> {
    @Override
    public Future<Principal> on(Credential.Bearer credential) {
      return verify(credential.token().value());
    }

    @Override
    public Future<Principal> on(Credential.Cookie credential) {
      return verify(credential.token().value());
    }

    @Override
    public Future<Principal> on(Credential.Ticket credential) {
      return Future.failedFuture(new AuthenticationException(Reason.BAD_TICKET));
    }
  }

  private Future<Principal> verify(String token) {
    takeNewKeys();
    Optional<Claims> known = verified.find(token);
    if (known.isPresent()) {
      return accept(known.get());
    }
    try {
      OutsideToken read = OutsideToken.of(token);
      if (signatures.mayKnow(read)) {
        return verifyNow(read);
      }
      return issuer.search().compose(searched -> {
        takeNewKeys();
        return verifyNow(read);
      });
    } catch (BadTokenException e) {
      return refuse(e);
    }
  }

  private Future<Principal> verifyNow(OutsideToken token) {
    try {
      signatures.verify(token);
      Claims claims = reader.read(token, clock.instant());
      verified.keep(token.text(), claims);
      return accept(claims);
    } catch (BadTokenException e) {
      return refuse(e);
    }
  }

  private Future<Principal> accept(Claims claims) {
    Instant now = clock.instant();
    if (!claims.expiresAt().isAfter(now)) {
      return Future.failedFuture(new AuthenticationException(Reason.TOKEN_EXPIRED));
    }
    return Future.succeededFuture(new Principal(
        claims.subject(),
        claims.name(),
        claims.roles(),
        false,
        claims.expiresAt(),
        claims.session(),
        claims.issuedAt()));
  }

  /** What a key vouched for that is gone counts no more. */
  private void takeNewKeys() {
    List<OutsideKey> now = issuer.keys();
    if (signatures == null || now != keys) {
      keys = now;
      signatures = new OutsideSignatures(vertx, now);
      verified.clear();
    }
  }

  private Future<Principal> refuse(BadTokenException why) {
    LOG.debug("A token of {} is refused: {}", config.issuer(), why.getMessage());
    return Future.failedFuture(new AuthenticationException(Reason.BAD_TOKEN));
  }
}
