package io.madang.system.traffic;

import io.madang.protocol.codec.BadFrameException;
import io.madang.protocol.codec.FrameCodec;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.json.RawJson;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One connection to a gateway that hides nothing: what is asked on it is answered with the gateway's own frame, and every frame is
 * kept in the order it came. Its methods may be called on any thread.
 */
public final class PlainLine implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final FrameCodec codec = new FrameCodec();
  private final AtomicLong refs = new AtomicLong();
  private final Map<Long, CompletableFuture<ServerFrame>> asked = new ConcurrentHashMap<>();

  /** Guarded by itself. */
  private final List<ServerFrame> frames = new ArrayList<>();

  /** Completes when the last frame is sent, as they must not overlap; guarded by this. */
  private CompletableFuture<WebSocket> sent;

  private volatile String user = "";

  private PlainLine(HttpClient http, URI gateway) {
    this.sent =
        http.newWebSocketBuilder().connectTimeout(LIMIT).buildAsync(gateway, new Incoming());
  }

  /** Connects and signs in. */
  public static PlainLine open(HttpClient http, URI gateway, String token) throws Exception {
    PlainLine line = new PlainLine(http, gateway);
    ServerFrame answer = line.ask(ref -> new ClientFrame.Connect(ref, Optional.of(token)))
        .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    if (!(answer instanceof ServerFrame.Connected connected)) {
      throw new AssertionError("not connected but " + answer);
    }
    line.user = connected.user().id();
    return line;
  }

  /** Id of who is signed in. */
  public String user() {
    return user;
  }

  /** Completes with {@link ServerFrame.Subscribed} or {@link ServerFrame.Error}. */
  public CompletableFuture<ServerFrame> subscribe(String topic) {
    return ask(ref -> new ClientFrame.Subscribe(ref, topic, Optional.empty()));
  }

  /** Completes with {@link ServerFrame.Reply} or {@link ServerFrame.Error}. */
  public CompletableFuture<ServerFrame> command(String service, String name, RawJson args) {
    return ask(ref -> new ClientFrame.Command(ref, service, name, Optional.empty(), args));
  }

  /** Every frame that came since this was asked last, in order. */
  public List<ServerFrame> take() {
    synchronized (frames) {
      List<ServerFrame> taken = List.copyOf(frames);
      frames.clear();
      return taken;
    }
  }

  /** A request of which only the number is not known. */
  private interface Request {
    ClientFrame with(long ref);
  }

  private CompletableFuture<ServerFrame> ask(Request request) {
    long ref = refs.incrementAndGet();
    CompletableFuture<ServerFrame> answer = new CompletableFuture<>();
    asked.put(ref, answer);
    String text = new String(codec.encode(request.with(ref)), StandardCharsets.UTF_8);
    synchronized (this) {
      sent = sent.thenCompose(socket -> socket.sendText(text, true));
    }
    return answer;
  }

  private void note(ServerFrame frame) {
    synchronized (frames) {
      frames.add(frame);
    }
    CompletableFuture<ServerFrame> answer = asked.remove(refOf(frame));
    if (answer != null) {
      answer.complete(frame);
    }
  }

  private static long refOf(ServerFrame frame) {
    if (frame instanceof ServerFrame.Connected connected) {
      return connected.ref();
    }
    if (frame instanceof ServerFrame.Subscribed subscribed) {
      return subscribed.ref();
    }
    if (frame instanceof ServerFrame.Reply reply) {
      return reply.ref();
    }
    if (frame instanceof ServerFrame.Error error) {
      return error.ref();
    }
    return ClientFrame.NO_REF;
  }

  private final class Incoming implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        try {
          note(codec.decodeServerFrame(text.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (BadFrameException e) {
          throw new IllegalStateException(e);
        }
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }
  }

  @Override
  public synchronized void close() {
    CompletableFuture<?> unused = sent.thenAccept(WebSocket::abort);
  }
}
