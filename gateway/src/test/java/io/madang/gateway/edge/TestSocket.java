package io.madang.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A WebSocket client that waits for what it hears, with the JDK's own implementation. */
final class TestSocket implements WebSocket.Listener {
  /** How the connection ended. */
  record Closed(int code, String reason) {}

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final int WAIT_S = 10;

  private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
  private final CompletableFuture<Closed> closed = new CompletableFuture<>();
  private volatile long closedAtMs;
  private final StringBuilder begun = new StringBuilder();
  private final WebSocket socket;

  private TestSocket(int port, String path, WebSocket.Builder builder) {
    this.socket =
        builder.buildAsync(URI.create("ws://127.0.0.1:" + port + path), this).join();
  }

  static TestSocket open(int port, String path, String... headers) {
    WebSocket.Builder builder =
        HTTP.newWebSocketBuilder().connectTimeout(Duration.ofSeconds(WAIT_S));
    for (int i = 0; i < headers.length; i += 2) {
      if (headers[i].equals("Sec-WebSocket-Protocol")) {
        String[] offers = headers[i + 1].split(", ", 2);
        builder.subprotocols(offers[0], offers[1]);
      } else {
        builder.header(headers[i], headers[i + 1]);
      }
    }
    return new TestSocket(port, path, builder);
  }

  /** A socket of {@code /ws} on which somebody is signed in. */
  static TestSocket signedIn(int port, String name) {
    TestSocket socket = open(port, "/ws");
    socket.send("{'type':'connect','ref':1,'token':'good-" + name + "'}");
    assertThat(socket.next().getString("type")).isEqualTo("connected");
    return socket;
  }

  String subprotocol() {
    return socket.getSubprotocol();
  }

  /** Single quotes stand for double ones. */
  void send(String frame) {
    sendRaw(frame.replace('\'', '"'));
  }

  void sendRaw(String text) {
    socket.sendText(text, true).join();
  }

  void sendPart(String text, boolean last) {
    socket.sendText(text, last).join();
  }

  void sendBinary(byte[] bytes) {
    try {
      socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
    } catch (CompletionException e) {
      // The gateway may have closed before all of it was written; the close is what the test asks
      // for.
    }
  }

  void close(int code, String reason) {
    socket.sendClose(code, reason).join();
  }

  String nextText() {
    try {
      String message = messages.poll(WAIT_S, TimeUnit.SECONDS);
      assertThat(message)
          .as("a message within %d s; closed: %s", WAIT_S, closed)
          .isNotNull();
      return message;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  JsonObject next() {
    return new JsonObject(nextText());
  }

  /** Asks and waits for the answer to just that. */
  JsonObject ask(String frame) {
    send(frame);
    return next();
  }

  boolean heardNothing() {
    return messages.isEmpty();
  }

  /** When it was closed; asked after {@link #closed}. */
  long closedAtMs() {
    closed();
    return closedAtMs;
  }

  Closed closed() {
    return closed.orTimeout(WAIT_S, TimeUnit.SECONDS).join();
  }

  @Override
  public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
    begun.append(data);
    if (last) {
      messages.add(begun.toString());
      begun.setLength(0);
    }
    webSocket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
    messages.add("bytes " + StandardCharsets.UTF_8.decode(data));
    webSocket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
    closedAtMs = System.nanoTime() / 1_000_000;
    closed.complete(new Closed(statusCode, reason));
    return null;
  }

  @Override
  public void onError(WebSocket webSocket, Throwable error) {
    closed.completeExceptionally(error);
  }
}
