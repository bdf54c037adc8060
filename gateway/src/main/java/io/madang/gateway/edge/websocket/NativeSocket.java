package io.madang.gateway.edge.websocket;

import io.madang.gateway.connection.Connection;
import io.madang.gateway.connection.ConnectionMeters;
import io.madang.gateway.connection.FrameSink;
import io.madang.gateway.connection.Surroundings;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.gateway.identity.Credential;
import io.madang.protocol.code.CloseCode;
import io.madang.protocol.codec.BadFrameException;
import io.madang.protocol.codec.FrameCodec;
import io.madang.protocol.frame.ServerFrame;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One WebSocket that speaks {@code madang.v1}: messages to frames for its connection, and frames to messages. */
final class NativeSocket implements FrameSink {
  private static final Logger LOG = LoggerFactory.getLogger(NativeSocket.class);
  private static final Buffer NOTHING = Buffer.buffer();

  private final ServerWebSocket socket;
  private final HttpConnection http;
  private final FrameCodec codec;
  private final ConnectionMeters meters;
  private final MessageAssembly assembly;
  private final Connection connection;

  /** Bytes given to Vert.x whose writing has not ended. */
  private long queuedBytes;

  private boolean isClosing;

  NativeSocket(
      OpenedSocket opened, Optional<Credential> offered, Surroundings around, FrameCodec codec) {
    this.socket = opened.socket();
    this.http = opened.connection();
    this.codec = codec;
    this.meters = around.meters();
    this.assembly = new MessageAssembly(around.limits().maxMessageBytes());
    this.connection = new Connection(around.connections().nextId(), this, offered, around);
    socket.frameHandler(this::onFrame);
    socket.exceptionHandler(this::onException);
    socket.closeHandler(ended -> {
      isClosing = true;
      connection.onTransportClosed();
      opened.release().run();
    });
  }

  private void onFrame(WebSocketFrame frame) {
    connection.onHeard();
    if (isClosing || connection.isClosed()) {
      return;
    }
    if (frame.isText() || frame.isBinary()) {
      onAssembled(assembly.begin(frame.isText(), frame.binaryData().getBytes(), frame.isFinal()));
    } else if (frame.isContinuation()) {
      onAssembled(assembly.proceed(frame.binaryData().getBytes(), frame.isFinal()));
    }
  }

  private void onAssembled(MessageAssembly.Outcome outcome) {
    if (outcome instanceof MessageAssembly.Violation violation) {
      connection.close(violation.code(), Duration.ZERO);
    } else if (outcome instanceof MessageAssembly.Complete complete) {
      onMessage(complete.bytes());
    }
  }

  private void onMessage(byte[] message) {
    meters.messageIn(message.length);
    try {
      connection.onFrame(codec.decodeClientFrame(message));
    } catch (BadFrameException e) {
      connection.onBadFrame(e);
    }
  }

  /** What the peer does to its own socket; the close handler follows where it ends it. */
  private void onException(Throwable cause) {
    LOG.debug("The socket of {} has trouble: {}", connection.connection(), cause.getMessage());
    Sockets.violation(cause).ifPresent(code -> {
      connection.close(code, Duration.ZERO);
      Sockets.flush(http);
    });
  }

  @Override
  public void send(ServerFrame frame) {
    byte[] utf8 = codec.encode(frame);
    if (!isClosing) {
      sent(utf8.length, Sockets.writeText(socket, utf8));
    }
  }

  @Override
  public void send(SharedPublication publication) {
    Buffer utf8 = publication.nativeFrame();
    if (!isClosing) {
      sent(utf8.length(), Sockets.writeText(socket, utf8));
    }
  }

  private void sent(int bytes, Future<Void> written) {
    queuedBytes += bytes;
    meters.messageOut(bytes);
    written.onComplete(ended -> {
      queuedBytes -= bytes;
      connection.onWritten();
    });
  }

  @Override
  public long queuedBytes() {
    return queuedBytes;
  }

  @Override
  public void probe() {
    if (!isClosing) {
      socket.writePing(NOTHING);
    }
  }

  @Override
  public void close(CloseCode code) {
    if (!isClosing) {
      isClosing = true;
      socket.close((short) code.code(), code.reason());
    }
  }

  @Override
  public void cut() {
    Sockets.cut(http);
  }
}
