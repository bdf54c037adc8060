package io.madang.system;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.madang.protocol.codec.BadFrameException;
import io.madang.protocol.codec.FrameCodec;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One connection that speaks the native protocol, frame by frame, for what the Java client hides or does not do. Blocking, for one
 * thread.
 */
final class NativeSocket implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final FrameCodec codec = new FrameCodec();
  private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
  private final WebSocket socket;
  private long lastRef;

  /** Messages come and go inside those of SockJS. */
  private final boolean overSockJs;

  private NativeSocket(HttpClient http, String address, String path, boolean overSockJs) {
    this.overSockJs = overSockJs;
    URI door = URI.create(address.replace("http:", "ws:") + path);
    this.socket = http.newWebSocketBuilder().buildAsync(door, new Messages()).join();
  }

  /** At {@code /ws}, signed in. */
  static NativeSocket open(HttpClient http, String address, String token) {
    return signedIn(new NativeSocket(http, address, "/ws", false), token);
  }

  /** A session at {@code /sockjs}, signed in. */
  static NativeSocket openSockJs(HttpClient http, String address, String token) {
    String path = "/sockjs/000/" + UUID.randomUUID() + "/websocket";
    return signedIn(new NativeSocket(http, address, path, true), token);
  }

  private static NativeSocket signedIn(NativeSocket opened, String token) {
    opened.send(new ClientFrame.Connect(opened.nextRef(), Optional.of(token)));
    opened.next(ServerFrame.Connected.class);
    return opened;
  }

  long nextRef() {
    return ++lastRef;
  }

  void send(ClientFrame frame) {
    String text = new String(codec.encode(frame), StandardCharsets.UTF_8);
    WebSocket unused = socket.sendText(overSockJs ? wrapped(text) : text, true).join();
  }

  private static String wrapped(String text) {
    JsonArray messages = new JsonArray();
    messages.add(text);
    return messages.toString();
  }

  /** The next frame, which must be of that kind. */
  <F extends ServerFrame> F next(Class<F> kind) {
    ServerFrame frame = next();
    if (!kind.isInstance(frame)) {
      throw new AssertionError("expected " + kind.getSimpleName() + " and heard " + frame);
    }
    return kind.cast(frame);
  }

  /** All frames up to the first of that kind, that one included. */
  List<ServerFrame> until(Class<? extends ServerFrame> kind) {
    List<ServerFrame> frames = new ArrayList<>();
    do {
      frames.add(next());
    } while (!kind.isInstance(frames.get(frames.size() - 1)));
    return frames;
  }

  private ServerFrame next() {
    try {
      String message = messages.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      if (message == null) {
        throw new AssertionError("nothing was heard for " + LIMIT);
      }
      return codec.decodeServerFrame(message.getBytes(StandardCharsets.UTF_8));
    } catch (BadFrameException e) {
      throw new AssertionError("the gateway sent no frame", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    socket.abort();
  }

  private final class Messages implements WebSocket.Listener {
    /** What came of a message that is not whole. */
    private final StringBuilder part = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      part.append(data);
      if (last) {
        if (overSockJs) {
          unwrap(part.toString());
        } else {
          messages.add(part.toString());
        }
        part.setLength(0);
      }
      from.request(1);
      return null;
    }

    /** Of what SockJS sends, only an {@code a} holds messages; it greets with {@code o} and shows with {@code h} that it is there. */
    private void unwrap(String message) {
      if (message.startsWith("a")) {
        for (JsonElement each : JsonParser.parseString(message.substring(1)).getAsJsonArray()) {
          messages.add(each.getAsString());
        }
      }
    }
  }
}
