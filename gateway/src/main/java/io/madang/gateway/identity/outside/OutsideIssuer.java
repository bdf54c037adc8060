package io.madang.gateway.identity.outside;

import io.madang.gateway.identity.Authenticator;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of an issuer that is not ours, for one process. Fetched, and fetched again, on {@code home} only; event loops read
 * the last copy, which a failed fetch leaves as it is.
 */
public final class OutsideIssuer {
  private static final Logger LOG = LoggerFactory.getLogger(OutsideIssuer.class);
  private static final Duration BETWEEN_TRIES_AT_START = Duration.ofMillis(500);

  private final Vertx vertx;
  private final Context home;
  private final OutsideConfig config;
  private final Clock clock;
  private final Optional<KeyFetch> fetch;
  private final SplittableRandom random = new SplittableRandom();

  /** Never empty once started; replaced as a whole. */
  private volatile List<OutsideKey> keys = List.of();

  /** The fetch under way, which further askers join; null when there is none. */
  private Future<Void> fetching;

  /** No search begins before, in milliseconds of the forward-only clock. */
  private long searchFromMs = Long.MIN_VALUE;

  private long timer = -1;
  private boolean stopped;

  private OutsideIssuer(Vertx vertx, Context home, OutsideConfig config, Clock clock) {
    this.vertx = vertx;
    this.home = home;
    this.config = config;
    this.clock = clock;
    this.fetch = config
        .jwks()
        .map(address -> new KeyFetch(vertx, address, config.fetchWithin(), config.maxFetchBytes()));
  }

  /**
   * Reads or fetches the keys.
   *
   * @param home the one context the fetching is done on
   * @param waitLimit how long the issuer may take to show a key that counts
   * @return fails with one sentence when there is none by then
   */
  public static Future<OutsideIssuer> start(
      Vertx vertx, Context home, OutsideConfig config, Clock clock, Duration waitLimit) {
    OutsideIssuer issuer = new OutsideIssuer(vertx, home, config, clock);
    if (issuer.fetch.isEmpty()) {
      issuer.keys = OutsideKeys.ofSetting(config.keys());
      return issuer.keys.isEmpty()
          ? Future.failedFuture(
              new NoKeysException("MADANG_AUTH_OUTSIDE_KEYS has no key that can verify a token."))
          : Future.succeededFuture(issuer);
    }
    long deadlineMs = nowMs() + waitLimit.toMillis();
    return issuer.onHome(() -> issuer.fetchFirst(deadlineMs)).map(fetched -> issuer);
  }

  /** A gateway that can verify nobody's token lets nobody in, so it does not start. */
  public static final class NoKeysException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoKeysException(String sentence) {
      super(sentence, null, false, false);
    }
  }

  private Future<Void> fetchFirst(long deadlineMs) {
    return fetchNow().onSuccess(fetched -> again()).recover(failure -> {
      if (nowMs() + BETWEEN_TRIES_AT_START.toMillis() < deadlineMs) {
        LOG.info(
            "Waiting for the keys at {}: {}", config.jwks().orElseThrow(), failure.getMessage());
        return vertx
            .timer(BETWEEN_TRIES_AT_START.toMillis(), TimeUnit.MILLISECONDS)
            .compose(due -> fetchFirst(deadlineMs));
      }
      return Future.failedFuture(new NoKeysException(
          "The keys of MADANG_AUTH_JWKS_URL %s cannot be had: %s; nobody could sign in, so the gateway does not start."
              .formatted(config.jwks().orElseThrow(), failure.getMessage())));
    });
  }

  /** Each time somewhat later or earlier, so that the gateways of a mesh do not ask together. */
  private void again() {
    if (stopped) {
      return;
    }
    long every = config.refreshEvery().toMillis();
    timer = vertx.setTimer(Math.max(1, every * 3 / 4 + random.nextLong(every / 2 + 1)), due -> {
      again();
      fetchNow().onFailure(this::tell);
    });
  }

  private void tell(Throwable failure) {
    LOG.warn(
        "The keys at {} cannot be fetched, and the last ones count on: {}",
        config.jwks().orElseThrow(),
        failure.getMessage());
  }

  private Future<Void> fetchNow() {
    if (fetching != null) {
      return fetching;
    }
    // Some more for each gateway, as all of them meet the first token by a new key.
    long cooldown = config.cooldown().toMillis();
    searchFromMs = nowMs() + cooldown + random.nextLong(cooldown / 4 + 1);
    Future<Void> begun = fetch
        .orElseThrow()
        .fetch()
        .compose(found -> onHome(() -> {
          toKeys(found);
          return Future.succeededFuture();
        }));
    fetching = begun;
    begun.onComplete(done -> home.runOnContext(turn -> fetching = null));
    return begun;
  }

  private void toKeys(List<OutsideKey> found) {
    if (!found.equals(keys)) {
      LOG.info("The issuer at {} shows {} keys", config.jwks().orElseThrow(), found.size());
      keys = found;
    }
  }

  /** The keys that count now; the same object as long as nothing changes. Safe on any thread. */
  List<OutsideKey> keys() {
    return keys;
  }

  /**
   * Fetches the keys because a token names one that is not known; does nothing when that was done just now, as anybody can
   * invent a name. Never fails. Safe on any event loop, and answers there.
   */
  Future<Void> search() {
    if (fetch.isEmpty()) {
      return Future.succeededFuture();
    }
    Context asking = vertx.getOrCreateContext();
    Promise<Void> searched = Promise.promise();
    home.runOnContext(turn -> {
      boolean may = fetching != null || nowMs() >= searchFromMs;
      Future<Void> step = may ? fetchNow().onFailure(this::tell) : Future.succeededFuture();
      step.onComplete(done -> asking.runOnContext(back -> searched.complete()));
    });
    return searched.future();
  }

  /** Verifies for the event loop that calls. */
  public Authenticator forThisLoop() {
    return new OutsideAuthenticator(vertx, this, config, clock);
  }

  public Future<Void> close() {
    home.runOnContext(turn -> {
      stopped = true;
      vertx.cancelTimer(timer);
    });
    return fetch.map(KeyFetch::close).orElseGet(Future::succeededFuture);
  }

  private interface Step {
    Future<Void> run();
  }

  private Future<Void> onHome(Step step) {
    Promise<Void> done = Promise.promise();
    home.runOnContext(turn -> step.run().onComplete(done));
    return done.future();
  }

  private static long nowMs() {
    return System.nanoTime() / 1_000_000;
  }
}
