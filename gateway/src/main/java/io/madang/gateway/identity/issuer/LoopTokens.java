package io.madang.gateway.identity.issuer;

import io.madang.gateway.identity.AuthenticationException;
import io.madang.gateway.identity.AuthenticationException.Reason;
import io.madang.gateway.identity.postgres.SigningKeys;
import io.madang.gateway.identity.token.AccessTokens;
import io.madang.gateway.identity.token.BadTokenException;
import io.madang.gateway.identity.token.Claims;
import io.madang.gateway.identity.token.SigningKey;
import io.madang.gateway.identity.token.VerifiedTokens;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop's access tokens: the keys as this loop last read them, and the tokens it verified lately.
 *
 * <p>A key shows itself to every gateway long before it signs, so keys are read again at leisure. A token by a key never
 * seen makes the loop read them at once, though seldom: anybody can invent a key's name.
 */
final class LoopTokens {
  private static final Logger LOG = LoggerFactory.getLogger(LoopTokens.class);

  /** Tokens remembered as verified; some 1 KB each. */
  private static final int REMEMBERED = 2048;

  private static final Duration BETWEEN_SEARCHES = Duration.ofSeconds(5);

  private final SigningKeys store;
  private final Clock clock;
  private final VerifiedTokens verified = new VerifiedTokens(REMEMBERED);

  /** Known keys; replaced as a whole when they change. */
  private AccessTokens tokens;

  /** What {@link #tokens} was made of. */
  private List<SigningKey> keys;

  /** When a token last made us look for its key; the distant past when none has. */
  private Instant lastSearch = Instant.MIN;

  /** The reading of keys under way, which further askers join; null when there is none. */
  private Future<Void> reading;

  LoopTokens(SigningKeys store, Clock clock, List<SigningKey> keys) {
    this.store = store;
    this.clock = clock;
    this.keys = keys;
    this.tokens = new AccessTokens(keys);
  }

  String sign(Claims claims) {
    return tokens.sign(claims, clock.instant());
  }

  /** The claims of a token with a right signature; fails with {@link AuthenticationException}. */
  Future<Claims> verify(String token) {
    Optional<Claims> known = verified.find(token);
    if (known.isPresent()) {
      return Future.succeededFuture(known.get());
    }
    String kid;
    try {
      kid = AccessTokens.kidOf(token);
    } catch (BadTokenException e) {
      return refuse(e);
    }
    return tokens.knows(kid) ? verifyNow(token) : search().compose(read -> verifyNow(token));
  }

  private Future<Claims> verifyNow(String token) {
    try {
      Claims claims = tokens.verify(token);
      verified.keep(token, claims);
      return Future.succeededFuture(claims);
    } catch (BadTokenException e) {
      return refuse(e);
    }
  }

  private static Future<Claims> refuse(BadTokenException why) {
    LOG.debug("Access token refused: {}", why.getMessage());
    return Future.failedFuture(new AuthenticationException(Reason.BAD_TOKEN));
  }

  /** Reads the keys because one is missing; does nothing when that was tried just now. */
  private Future<Void> search() {
    if (reading != null) {
      return reading;
    }
    Instant now = clock.instant();
    if (lastSearch.isAfter(now.minus(BETWEEN_SEARCHES))) {
      return Future.succeededFuture();
    }
    lastSearch = now;
    return read()
        .recover(failure -> Future.failedFuture(
            new AuthenticationException(Reason.UNAVAILABLE, BETWEEN_SEARCHES, failure)));
  }

  /** Reads the keys again; on failure the old ones stay. */
  Future<Void> read() {
    if (reading != null) {
      return reading;
    }
    Future<Void> started = store.load().onSuccess(this::toKeys).mapEmpty();
    reading = started;
    // Runs now when the database failed at once; so what is returned is not the field.
    started.onComplete(done -> reading = null);
    return started;
  }

  private void toKeys(List<SigningKey> read) {
    if (read.isEmpty()) {
      LOG.error("There is no signing key in identity.signing_key; going on with the ones known");
    } else if (!List.copyOf(read).equals(keys)) {
      tokens = new AccessTokens(read);
      keys = List.copyOf(read);
      verified.clear();
    }
  }
}
