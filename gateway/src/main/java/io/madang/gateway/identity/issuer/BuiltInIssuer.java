package io.madang.gateway.identity.issuer;

import io.madang.gateway.identity.IdentityConfig;
import io.madang.gateway.identity.password.PasswordWorkers;
import io.madang.gateway.identity.postgres.SigningKeys;
import io.madang.gateway.identity.postgres.Sweep;
import io.madang.gateway.identity.revocation.Revoker;
import io.madang.gateway.identity.token.SigningKey;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The issuer of one process: holds what its event loops share, sees to it that a signing key is there and the next one comes
 * in time, and sweeps out what has expired.
 *
 * <p>Every process of a mesh does so; the database settles who wins. Immutable but for its timer.
 */
public final class BuiltInIssuer {
  private static final Logger LOG = LoggerFactory.getLogger(BuiltInIssuer.class);

  private static final Duration BETWEEN_ROUNDS = Duration.ofMinutes(1);

  /** How long a new key is shown before it signs; loops read the keys each minute. */
  private static final Duration SHOWN_AHEAD = Duration.ofMinutes(10);

  /** How far clocks may be apart before a forgotten key is missed. */
  private static final Duration CLOCK_MARGIN = Duration.ofMinutes(5);

  private final Vertx vertx;
  private final Pool pool;
  private final IdentityConfig config;
  private final Clock clock;
  private final SecureRandom random;
  private final PasswordWorkers passwords;
  private final SigningKeys keys;
  private final Sweep sweep;
  private final List<SigningKey> firstKeys;
  private final long timer;

  private BuiltInIssuer(
      Vertx vertx,
      Pool pool,
      IdentityConfig config,
      Clock clock,
      SecureRandom random,
      List<SigningKey> firstKeys) {
    this.vertx = vertx;
    this.pool = pool;
    this.config = config;
    this.clock = clock;
    this.random = random;
    this.passwords = new PasswordWorkers(vertx, config.hashWorkers(), config.hashQueue());
    this.keys = new SigningKeys(pool);
    this.sweep = new Sweep(pool);
    this.firstKeys = firstKeys;
    // Processes that were started together need not sweep together.
    long firstRound = 1L + random.nextInt((int) BETWEEN_ROUNDS.toMillis());
    this.timer = vertx.setPeriodic(firstRound, BETWEEN_ROUNDS.toMillis(), id -> onRound());
  }

  /**
   * Starts the issuer of this process on a migrated database ({@code db/identity}). Fails when the database does, or when the
   * keys in it cannot be read.
   *
   * @param clock every time that is written or compared comes from it
   */
  public static Future<BuiltInIssuer> start(
      Vertx vertx, Pool pool, IdentityConfig config, Clock clock) {
    SecureRandom random = new SecureRandom();
    SigningKeys keys = new SigningKeys(pool);
    return addKey(keys, config, clock, random)
        .compose(added -> keys.load())
        .map(loaded -> new BuiltInIssuer(vertx, pool, config, clock, random, loaded));
  }

  private static Future<Boolean> addKey(
      SigningKeys keys, IdentityConfig config, Clock clock, SecureRandom random) {
    Instant now = clock.instant();
    return keys.add(
            SigningKey.generate(now, random),
            now.minus(config.keyLifetime()),
            now.plus(SHOWN_AHEAD))
        .onSuccess(added -> {
          if (added) {
            LOG.info("Made a new signing key for access tokens");
          }
        });
  }

  /**
   * The issuer for the event loop that calls, and for no other thread. Call it once per loop, from a verticle's start: its
   * timer ends with the verticle.
   *
   * @param revoker takes sign-ins that end before their tokens do
   * @param revokedFor what is revoked has ended by itself after so long
   */
  public LoopIssuer forThisLoop(Revoker revoker, Duration revokedFor) {
    Context context = Vertx.currentContext();
    if (context == null || !Context.isOnEventLoopThread()) {
      throw new IllegalStateException("call forThisLoop on the event loop that will use it");
    }
    LoopIssuer issuer = new LoopIssuer(
        new LoopTokens(keys, clock, firstKeys),
        pool,
        config,
        clock,
        random,
        passwords,
        revoker,
        revokedFor);
    vertx.setPeriodic(
        BETWEEN_ROUNDS.toMillis(),
        id -> issuer.readKeys().onFailure(failure -> warn("read the signing keys", failure)));
    return issuer;
  }

  private void onRound() {
    tend().onFailure(failure -> warn("look after keys and expired rows", failure));
  }

  /** One round of housekeeping. */
  Future<Void> tend() {
    return keys.load().compose(this::renew).compose(renewed -> sweep());
  }

  private Future<Boolean> renew(List<SigningKey> known) {
    Instant youngAfter = clock.instant().minus(config.keyLifetime());
    boolean isFresh = known.stream().anyMatch(key -> key.signsFrom().isAfter(youngAfter));
    return isFresh ? Future.succeededFuture(false) : addKey(keys, config, clock, random);
  }

  private Future<Void> sweep() {
    Instant now = clock.instant();
    return sweep.run(now, now.minus(config.accessLifetime()).minus(CLOCK_MARGIN));
  }

  private static void warn(String what, Throwable failure) {
    LOG.warn("Could not {}; will try again within a minute: {}", what, failure.getMessage());
  }

  /** Ends housekeeping and the password threads; the pool is its owner's to close. */
  public Future<Void> close() {
    vertx.cancelTimer(timer);
    return passwords.close();
  }
}
