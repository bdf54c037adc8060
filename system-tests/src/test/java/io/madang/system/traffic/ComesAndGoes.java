package io.madang.system.traffic;

import io.madang.client.MadangClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A client that hears a topic for a moment, leaves it, and comes back to where it was, again and again until it shall stay. The
 * client is its own.
 */
public final class ComesAndGoes implements AutoCloseable {
  private static final Duration HEARS = Duration.ofMillis(700);
  private static final Duration AWAY = Duration.ofMillis(300);

  private final MadangClient client;
  private final Account account;
  private final AtomicInteger comings = new AtomicInteger();
  private volatile boolean staying;

  private ComesAndGoes(MadangClient client, Account account) {
    this.client = client;
    this.account = account;
  }

  /** Begins to; returns at once. */
  public static ComesAndGoes start(MadangClient client, Account account) {
    ComesAndGoes one = new ComesAndGoes(client, account);
    one.come();
    return one;
  }

  private static Executor after(Duration time) {
    return CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void come() {
    CompletableFuture<?> unused = account
        .last()
        .map(at -> client.subscribe(account.topic(), at, account))
        .orElseGet(() -> client.subscribe(account.topic(), account))
        .thenRunAsync(this::leave, after(HEARS));
    comings.incrementAndGet();
  }

  private void leave() {
    if (!staying) {
      client.unsubscribe(account.topic());
      CompletableFuture<?> unused = CompletableFuture.runAsync(this::come, after(AWAY));
    }
  }

  /** It comes once more at most, and stays. */
  public void stay() {
    staying = true;
  }

  /** How often it came. */
  public int comings() {
    return comings.get();
  }

  @Override
  public void close() {
    staying = true;
    client.close();
  }
}
