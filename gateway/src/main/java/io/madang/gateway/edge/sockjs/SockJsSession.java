package io.madang.gateway.edge.sockjs;

import io.madang.gateway.connection.Connection;
import io.madang.gateway.connection.ConnectionMeters;
import io.madang.gateway.connection.FrameSink;
import io.madang.gateway.connection.Surroundings;
import io.madang.gateway.edge.websocket.Doorman;
import io.madang.gateway.edge.websocket.wire.Sockets;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.limit.Admission;
import io.madang.gateway.limit.AdmissionDesk;
import io.madang.protocol.code.CloseCode;
import io.madang.protocol.codec.BadFrameException;
import io.madang.protocol.codec.FrameCodec;
import io.madang.protocol.frame.ServerFrame;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * One SockJS session that speaks {@code madang.v1}. It lives on the event loop of the request that opened it, whichever
 * connections its later requests come on.
 */
final class SockJsSession implements FrameSink {
  private final SockJSSocket socket;
  private final FrameCodec codec;
  private final ConnectionMeters meters;
  private final int maxMessageBytes;
  private final AdmissionDesk admission;
  private final String address;
  private final Connection connection;

  /** Bytes given to the session that no response or socket has taken. */
  private long queuedBytes;

  /** Bytes ever given to the session. */
  private long handedBytes;

  private boolean isClosing;
  private boolean isGone;

  /** Whether the address's count holds this session. */
  private boolean isCounted;

  SockJsSession(
      SockJSSocket socket,
      Optional<Credential> offered,
      Surroundings around,
      FrameCodec codec,
      AdmissionDesk admission,
      String address) {
    this.socket = socket;
    this.codec = codec;
    this.meters = around.meters();
    this.maxMessageBytes = around.limits().maxMessageBytes();
    this.admission = admission;
    this.address = address;
    this.connection = new Connection(around.connections().nextId(), this, offered, around);
    socket.handler(this::onMessage);
    socket.closeHandler(ended -> onGone());
    socket.exceptionHandler(trouble -> {});
    admission.admit(address).onSuccess(this::onVerdict);
    if (around.connections().isClosing()) {
      connection.close(CloseCode.RESTARTING, Duration.ZERO);
    }
  }

  /** Whether the session came on a WebSocket and ends with it. */
  static boolean isWebSocket(SockJSSocket socket) {
    return socket.routingContext().request().path().endsWith("/websocket");
  }

  private void onVerdict(Admission.Verdict verdict) {
    isCounted = verdict instanceof Admission.Welcome;
    if (isGone) {
      giveBackPlace();
    } else if (!isCounted) {
      ServerFrame.Failure failure = Doorman.failure(verdict);
      send(ServerFrame.Error.unasked(failure));
      connection.close(CloseCode.TRY_AGAIN_LATER, Duration.ofMillis(failure.retryAfterMs()));
    }
  }

  private void onGone() {
    if (!isGone) {
      isGone = true;
      isClosing = true;
      connection.onTransportClosed();
      giveBackPlace();
    }
  }

  private void giveBackPlace() {
    if (isCounted) {
      isCounted = false;
      admission.release(address);
    }
  }

  private void onMessage(Buffer message) {
    if (isClosing) {
      return;
    }
    if (message.length() > maxMessageBytes) {
      connection.close(CloseCode.MESSAGE_TOO_BIG, Duration.ZERO);
      return;
    }
    meters.messageIn(message.length());
    try {
      connection.onFrame(codec.decodeClientFrame(message.getBytes()));
    } catch (BadFrameException e) {
      connection.onBadFrame(e);
    }
  }

  @Override
  public void send(ServerFrame frame) {
    write(new String(codec.encode(frame), StandardCharsets.UTF_8));
  }

  @Override
  public void send(SharedPublication publication) {
    write(new String(publication.nativeFrame(), StandardCharsets.UTF_8));
  }

  private void write(String json) {
    if (isClosing) {
      return;
    }
    String safe = safeOnEveryTransport(json);
    queuedBytes += safe.length();
    handedBytes += safe.length();
    meters.messageOut(safe.length());
    socket.write(safe).onComplete(written -> {
      queuedBytes -= safe.length();
      connection.onWritten();
    });
  }

  /**
   * One transport's client decodes percent signs in what it receives, and another one's carrier is a script element. Both
   * characters occur in JSON only inside strings, where an escape says the same.
   */
  static String safeOnEveryTransport(String json) {
    return json.indexOf('%') < 0 && json.indexOf('<') < 0
        ? json
        : json.replace("%", "\\u0025").replace("<", "\\u003c");
  }

  @Override
  public long queuedBytes() {
    return queuedBytes;
  }

  @Override
  public long takenBytes() {
    return handedBytes - queuedBytes;
  }

  /** SockJS clients answer no heartbeat; those of this protocol ping by themselves. */
  @Override
  public void probe() {}

  @Override
  public void close(CloseCode code) {
    if (!isClosing) {
      isClosing = true;
      // Only one of the transports can say the code; the disconnect frame has said it on all.
      socket.close(code.code(), code.reason());
    }
  }

  @Override
  public void cut() {
    if (!isGone && isWebSocket(socket)) {
      Sockets.cut(socket.routingContext().request().connection());
    }
    onGone();
  }
}
