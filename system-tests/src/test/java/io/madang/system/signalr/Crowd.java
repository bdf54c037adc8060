package io.madang.system.signalr;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** Clients of several kinds that do the same at the same time. For one thread. Closing it stops them. */
public final class Crowd implements AutoCloseable {
  private final List<HubClient> clients;
  private final ExecutorService hands;

  Crowd(List<HubClient> clients) {
    this.clients = clients;
    this.hands = Executors.newFixedThreadPool(clients.size(), task -> {
      Thread thread = new Thread(task, "crowd");
      thread.setDaemon(true);
      return thread;
    });
  }

  public List<HubClient> clients() {
    return clients;
  }

  /** Waits until all have done it; fails with all whose deed failed, by name. */
  public void each(Consumer<HubClient> deed) {
    List<CompletableFuture<Void>> all = clients.stream()
        .map(client -> CompletableFuture.runAsync(() -> deed.accept(client), hands))
        .toList();
    List<String> failed = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      try {
        all.get(i).join();
      } catch (CompletionException e) {
        failed.add("%s: %s".formatted(clients.get(i), e.getCause()));
      }
    }
    if (!failed.isEmpty()) {
      throw new AssertionError(
          "%d of %d:%n%s".formatted(failed.size(), clients.size(), String.join("\n", failed)));
    }
  }

  @Override
  public void close() {
    // What a test ended already is not stopped again, and whoever does not stop ends with its
    // process.
    clients.forEach(HubClient::forget);
    hands.shutdownNow();
  }
}
