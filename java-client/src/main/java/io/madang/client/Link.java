package io.madang.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * One WebSocket from opening to close. What it tells arrives on {@code executor}, the client's thread; what is sent keeps its
 * order, as each send waits for the one before. No more than {@value #UNREAD_MESSAGES} messages wait for the client's thread:
 * the rest stays in the network until it has caught up.
 */
final class Link implements WebSocket.Listener {
  /** What a link tells; {@code closed} is last and comes once. */
  interface Events {
    void opened(Link link);

    void message(Link link, byte[] utf8);

    void closed(Link link, int code, String reason);
  }

  /** RFC 6455, 7.1.5: no close frame was received. */
  static final int ABNORMAL = 1006;

  static final int UNREAD_MESSAGES = 64;

  /** Of one message from a gateway; a longer one ends the link, as it would fill the memory. */
  static final int MAX_MESSAGE_CHARS = 32 * 1024 * 1024;

  /** How long a gateway has to answer our goodbye. */
  private static final Duration GOODBYE = Duration.ofSeconds(2);

  private final Executor executor;
  private final Events events;

  /** Text of a message whose last part has not come yet; touched by the WebSocket's own thread only. */
  private final StringBuilder parts = new StringBuilder();

  /** Completes when the peer said goodbye or the transport failed. */
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  /** Completes when everything given to {@link #send} was handed over; written on the client's thread. */
  private CompletableFuture<?> sent = CompletableFuture.completedFuture(null);

  /** Null until opened; written on the client's thread. */
  private WebSocket socket;

  /** Whether {@code closed} was told; touched on the client's thread. */
  private boolean closed;

  /** When the gateway was last heard, by {@link System#nanoTime}; written by the WebSocket's own thread. */
  private volatile long heardNanos = System.nanoTime();

  Link(Executor executor, Events events) {
    this.executor = executor;
    this.events = events;
  }

  void open(HttpClient http, URI gateway, Duration timeout) {
    CompletableFuture<WebSocket> unused = http.newWebSocketBuilder()
        .connectTimeout(timeout)
        .subprotocols("madang.v1")
        .buildAsync(gateway, this)
        .whenComplete((opened, failure) -> executor.execute(() -> onOpened(opened, failure)));
  }

  private void onOpened(WebSocket opened, Throwable failure) {
    if (failure != null) {
      close(ABNORMAL, String.valueOf(failure.getMessage()));
    } else if (closed) {
      opened.abort();
    } else {
      socket = opened;
      events.opened(this);
    }
  }

  long silentNanos() {
    return System.nanoTime() - heardNanos;
  }

  boolean isClosed() {
    return closed;
  }

  /** Only after opening; does nothing after the close. */
  void send(byte[] utf8) {
    if (closed) {
      return;
    }
    String text = new String(utf8, StandardCharsets.UTF_8);
    sent = sent.thenCompose(before -> socket.sendText(text, true));
    CompletableFuture<?> unused = sent.whenComplete((done, failure) -> {
      if (failure != null) {
        executor.execute(() -> abandon("sending failed: " + failure.getMessage()));
      }
    });
  }

  /** Says goodbye; cuts the transport when the gateway does not answer it in time. */
  void closeNormally() {
    WebSocket open = socket;
    if (open != null && !closed) {
      CompletableFuture<?> unused = sent.thenCompose(
              before -> open.sendClose(WebSocket.NORMAL_CLOSURE, "closing"))
          .thenCompose(said -> ended)
          .orTimeout(GOODBYE.toMillis(), TimeUnit.MILLISECONDS)
          .whenComplete((done, failure) -> open.abort());
    }
    close(WebSocket.NORMAL_CLOSURE, "closing");
  }

  /** Ends it without a word to a peer that does not answer; one that opens later is cut then. */
  void abandon(String why) {
    if (socket != null) {
      socket.abort();
    }
    close(ABNORMAL, why);
  }

  private void close(int code, String reason) {
    if (!closed) {
      closed = true;
      events.closed(this, code, reason);
    }
  }

  // On the WebSocket's own thread.

  @Override
  public void onOpen(WebSocket opened) {
    heardNanos = System.nanoTime();
    opened.request(UNREAD_MESSAGES);
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    heardNanos = System.nanoTime();
    if (parts.length() + data.length() > MAX_MESSAGE_CHARS) {
      parts.setLength(0);
      executor.execute(() -> abandon("the gateway sent a message that is too long"));
      return null;
    }
    parts.append(data);
    if (last) {
      byte[] utf8 = parts.toString().getBytes(StandardCharsets.UTF_8);
      parts.setLength(0);
      executor.execute(() -> deliver(from, utf8));
    } else {
      from.request(1);
    }
    return null;
  }

  private void deliver(WebSocket from, byte[] utf8) {
    // Also after our goodbye: the gateway's own comes behind what it had sent before.
    from.request(1);
    if (!closed) {
      events.message(this, utf8);
    }
  }

  @Override
  public CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
    heardNanos = System.nanoTime();
    return WebSocket.Listener.super.onPing(from, message);
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    ended.complete(null);
    executor.execute(() -> close(code, reason));
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    ended.complete(null);
    executor.execute(() -> close(ABNORMAL, String.valueOf(error.getMessage())));
  }
}
