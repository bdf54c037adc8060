package io.madang.client;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Asks the application for access tokens, on a thread that may block, one question at a time. Touched on the client's thread
 * only; the answers arrive on the other.
 */
final class AccessToken {
  /** A token is renewed when this part of its time is left. */
  private static final int RENEW_AT_A_QUARTER = 4;

  /** An application without a newer token, or with a clock of its own, is not asked more often. */
  private static final Duration LEAST_BETWEEN_RENEWALS = Duration.ofSeconds(10);

  private final Supplier<Optional<String>> source;

  /** The last question; not done while the application still thinks. */
  private CompletableFuture<Optional<String>> question =
      CompletableFuture.completedFuture(Optional.empty());

  AccessToken(Supplier<Optional<String>> source) {
    this.source = source;
  }

  CompletableFuture<Optional<String>> ask() {
    if (question.isDone()) {
      question = CompletableFuture.supplyAsync(source, task -> {
        Thread thread = new Thread(task, "madang-client-token");
        thread.setDaemon(true);
        thread.start();
      });
    }
    return question.copy();
  }

  /** How long to wait before a token that ends then is renewed for the first time on a connection, in milliseconds. */
  static long firstRenewalMs(Instant expiresAt) {
    long leftMs = Duration.between(Instant.now(), expiresAt).toMillis();
    return Math.max(0, leftMs - leftMs / RENEW_AT_A_QUARTER);
  }

  /** The same after a renewal. */
  static long nextRenewalMs(Instant expiresAt) {
    return Math.max(LEAST_BETWEEN_RENEWALS.toMillis(), firstRenewalMs(expiresAt));
  }
}
