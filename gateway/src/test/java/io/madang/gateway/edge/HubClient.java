package io.madang.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.gateway.edge.signalr.wire.BadHubMessageException;
import io.madang.gateway.edge.signalr.wire.HubFormat;
import io.madang.gateway.edge.signalr.wire.HubFrames;
import io.madang.gateway.edge.signalr.wire.HubMessage;
import io.madang.protocol.json.RawJson;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client of a hub on a WebSocket; messages are shown as JSON, whatever they are on the wire. Single quotes stand for double ones. */
final class HubClient implements WebSocket.Listener {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final int WAIT_S = 10;
  private static final int MAX_BYTES = 1 << 20;

  private final HubFormat format;
  private final HubFrames frames;
  private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> raw = new LinkedBlockingQueue<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final WebSocket socket;
  private byte[] begun = new byte[0];
  private boolean isGreeted;
  private int lastId = 100;

  private HubClient(int port, String path, String format, boolean isGreeted, String... headers) {
    this.isGreeted = isGreeted;
    this.format = HubFormat.named(format).orElseThrow();
    this.frames = this.format.frames(MAX_BYTES);
    WebSocket.Builder builder = HTTP.newWebSocketBuilder();
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    socket =
        builder.buildAsync(URI.create("ws://127.0.0.1:" + port + path), this).join();
  }

  /** Nothing is said yet. */
  static HubClient open(int port, String path, String format, String... headers) {
    return new HubClient(port, path, format, false, headers);
  }

  /** Comes back to a connection whose handshake is long over. */
  static HubClient back(int port, String path, String format) {
    return new HubClient(port, path, format, true);
  }

  /** Accepted and greeted, as somebody with this name. */
  static HubClient greeted(int port, String format, String name) {
    HubClient client = open(port, "/hubs/test", format, "Authorization", "Bearer good-" + name);
    client.shakeHands(1);
    assertThat(client.next())
        .isEqualTo("{'type':1,'target':'Welcome','arguments':['u-" + name + "']}");
    return client;
  }

  /** As {@link #greeted}, on a connection that may outlive this socket; what it was greeted with is message number 1. */
  static HubClient numbered(int port, String path, String format) {
    HubClient client = open(port, path, format);
    client.shakeHands(2);
    // As Microsoft's client does: nothing with a number is said before its first word.
    client.say(new HubMessage.Ping());
    assertThat(client.next()).contains("Welcome");
    return client;
  }

  /** What the gateway answers who asks for a socket: 101 with one, which is cut at once. */
  static int status(int port, String path, String... headers) {
    try {
      open(port, path, "json", headers).cut();
      return 101;
    } catch (CompletionException e) {
      return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
    }
  }

  void shakeHands(int version) {
    sendText("{'protocol':'" + (format.isBinary() ? "messagepack" : "json") + "','version':"
        + version + "}\u001e");
    assertThat(nextRaw()).isEqualTo((format.isBinary() ? "bytes" : "text") + " {}\u001e");
  }

  void sendText(String text) {
    socket.sendText(text.replace('\'', '"'), true).join();
  }

  /** As it is. */
  void sendRaw(String text) {
    socket.sendText(text, true).join();
  }

  void sendBytes(byte[] bytes) {
    socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
  }

  void say(HubMessage message) {
    byte[] bytes = format.write(message);
    if (format.isBinary()) {
      sendBytes(bytes);
    } else {
      socket.sendText(new String(bytes, StandardCharsets.UTF_8), true).join();
    }
  }

  static RawJson json(String text) {
    return RawJson.trusted(text.replace('\'', '"'));
  }

  /** Without waiting for an answer. */
  void send(String target, String arguments) {
    say(HubMessage.Invocation.of(target, json(arguments)));
  }

  /** Calls, and waits for the next message, shown with the id {@code #}. */
  String call(String target, String arguments) {
    return shown(begin(target, arguments));
  }

  String begin(String target, String arguments, String... streams) {
    String id = Integer.toString(++lastId);
    say(new HubMessage.Invocation(Optional.of(id), target, json(arguments), List.of(streams)));
    return id;
  }

  void stream(String id, String target, String arguments) {
    say(new HubMessage.StreamInvocation(id, target, json(arguments), List.of()));
  }

  /** The next message, with {@code #} in the place of this id. */
  String shown(String id) {
    return next().replace("'invocationId':'" + id + "'", "'invocationId':'#'");
  }

  /** Pings apart. */
  String next() {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
    String message = poll(messages);
    while (message.equals("{'type':6}")) {
      assertThat(System.nanoTime()).as("something but pings").isLessThan(until);
      message = poll(messages);
    }
    return message;
  }

  /** As {@link #next}, confirmations apart. */
  String nextSaid() {
    String message = next();
    return message.startsWith("{'type':8,") ? nextSaid() : message;
  }

  /** The id of its connection, as the hub tells it. */
  String connection() {
    String call = begin("Quietly", "[]");
    String told = nextSaid();
    assertThat(told).startsWith("{'type':1,'target':'You','arguments':[");
    assertThat(nextSaid()).isEqualTo("{'type':3,'invocationId':'" + call + "','result':null}");
    int end = told.lastIndexOf('\'');
    return told.substring(told.lastIndexOf('\'', end - 1) + 1, end);
  }

  String nextWithPings() {
    return poll(messages);
  }

  /** What came as it came, until the handshake was answered. */
  String nextRaw() {
    return poll(raw);
  }

  private String poll(BlockingQueue<String> queue) {
    try {
      String message = queue.poll(WAIT_S, TimeUnit.SECONDS);
      assertThat(message)
          .as("a message within %d s; closed: %s", WAIT_S, closed)
          .isNotNull();
      return message;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  boolean heardNothing() {
    return messages.isEmpty();
  }

  boolean isClosed() {
    return closed.isDone();
  }

  int closed() {
    return closed.orTimeout(WAIT_S, TimeUnit.SECONDS).join();
  }

  /** Ends without a goodbye. */
  void cut() {
    socket.abort();
  }

  void close() {
    socket.sendClose(1000, "").join();
  }

  @Override
  public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
    take("text", data.toString().getBytes(StandardCharsets.UTF_8), last);
    webSocket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    take("bytes", bytes, last);
    webSocket.request(1);
    return null;
  }

  private void take(String how, byte[] part, boolean last) {
    int length = begun.length;
    begun = Arrays.copyOf(begun, length + part.length);
    System.arraycopy(part, 0, begun, length, part.length);
    if (!last) {
      return;
    }
    byte[] whole = begun;
    begun = new byte[0];
    if (!isGreeted) {
      isGreeted = true;
      raw.add(how + " " + new String(whole, StandardCharsets.UTF_8));
      return;
    }
    try {
      frames.add(whole);
      for (Optional<byte[]> next = frames.next(); next.isPresent(); next = frames.next()) {
        String text = new String(
            HubFormat.JSON.write(format.read(next.get()).orElseThrow()), StandardCharsets.UTF_8);
        messages.add(text.substring(0, text.length() - 1).replace('"', '\''));
      }
      assertThat(frames.waiting())
          .as("a message was cut over two of the transport's")
          .isZero();
    } catch (BadHubMessageException | RuntimeException | AssertionError e) {
      messages.add("unreadable: " + e.getMessage());
    }
  }

  @Override
  public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
    closed.complete(statusCode);
    return null;
  }

  @Override
  public void onError(WebSocket webSocket, Throwable error) {
    closed.completeExceptionally(error);
  }
}
