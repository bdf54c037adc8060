package io.madang.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * One WebSocket from opening to close. What it tells arrives on {@code executor}, the client's thread; what is sent keeps its
 * order, as each send waits for the one before.
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

  private final Executor executor;
  private final Events events;

  /** Text of a message whose last part has not come yet; touched by the WebSocket's own thread only. */
  private final StringBuilder parts = new StringBuilder();

  /** Completes when everything given to {@link #send} was handed over; written on the client's thread. */
  private CompletableFuture<?> sent = CompletableFuture.completedFuture(null);

  /** Completes with the socket, or the reason why there is none. */
  private CompletableFuture<WebSocket> opening = CompletableFuture.completedFuture(null);

  /** Null until opened; written on the client's thread. */
  private WebSocket socket;

  private boolean closed;

  Link(Executor executor, Events events) {
    this.executor = executor;
    this.events = events;
  }

  void open(HttpClient http, URI gateway, Duration timeout) {
    opening = http.newWebSocketBuilder()
        .connectTimeout(timeout)
        .subprotocols("madang.v1")
        .buildAsync(gateway, this)
        .whenCompleteAsync(this::onOpened, executor);
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

  void send(byte[] utf8) {
    String text = new String(utf8, StandardCharsets.UTF_8);
    sent = sent.thenCompose(before -> socket.sendText(text, true))
        .whenCompleteAsync(
            (done, failure) -> {
              if (failure != null) {
                abandon("sending failed: " + failure.getMessage());
              }
            },
            executor);
  }

  /** Says goodbye. */
  void closeNormally() {
    if (socket != null && !closed) {
      sent = sent.thenCompose(before -> socket.sendClose(WebSocket.NORMAL_CLOSURE, "closing"));
    }
    close(WebSocket.NORMAL_CLOSURE, "closing");
  }

  /** Ends it without a word to a peer that does not answer. */
  void abandon(String why) {
    opening.cancel(false);
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

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    parts.append(data);
    if (last) {
      deliver(parts.toString().getBytes(StandardCharsets.UTF_8));
      parts.setLength(0);
    }
    from.request(1);
    return null;
  }

  private void deliver(byte[] utf8) {
    executor.execute(() -> {
      if (!closed) {
        events.message(this, utf8);
      }
    });
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    executor.execute(() -> close(code, reason));
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    executor.execute(() -> close(ABNORMAL, String.valueOf(error.getMessage())));
  }
}
