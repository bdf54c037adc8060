package io.madang.gateway.edge.websocket;

import io.madang.gateway.connection.Connection;
import io.madang.gateway.connection.FrameSink;
import io.madang.gateway.connection.Surroundings;
import io.madang.gateway.connection.measure.ConnectionMeters;
import io.madang.gateway.connection.measure.LoopCounts;
import io.madang.gateway.edge.websocket.wire.WireListener;
import io.madang.gateway.edge.websocket.wire.WireSocket;
import io.madang.gateway.fanout.Bundle;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.gateway.identity.Credential;
import io.madang.protocol.code.CloseCode;
import io.madang.protocol.codec.BadFrameException;
import io.madang.protocol.codec.FrameCodec;
import io.madang.protocol.frame.ServerFrame;
import java.time.Duration;
import java.util.Optional;

/** One WebSocket that speaks {@code madang.v1}: messages to frames for its connection, and frames to messages. */
final class NativeSocket implements FrameSink, WireListener {
  private final WireSocket socket;
  private final FrameCodec codec;
  private final ConnectionMeters meters;
  private final LoopCounts counts;
  private final Connection connection;

  NativeSocket(
      WireSocket socket,
      Optional<Credential> offered,
      Surroundings around,
      LoopCounts counts,
      FrameCodec codec) {
    this.socket = socket;
    this.codec = codec;
    this.meters = around.meters();
    this.counts = counts;
    this.connection = new Connection(around.connections().nextId(), this, offered, around);
  }

  // What the socket tells.

  @Override
  public void onMessage(byte[] message, boolean isText) {
    if (connection.isClosed()) {
      return;
    }
    meters.messageIn(message.length);
    try {
      connection.onFrame(codec.decodeClientFrame(message));
    } catch (BadFrameException e) {
      connection.onBadFrame(e);
    }
  }

  @Override
  public void onHeard() {
    connection.onHeard();
  }

  @Override
  public void onViolation(CloseCode code) {
    connection.close(code, Duration.ZERO);
    // A connection that was closed before has said its own goodbye.
    close(code);
  }

  @Override
  public void onDrained() {
    connection.onWritten();
  }

  @Override
  public void onShutdown() {
    connection.close(CloseCode.RESTARTING, Duration.ZERO);
  }

  @Override
  public void onClosed() {
    connection.onTransportClosed();
  }

  // What the connection asks.

  @Override
  public void send(ServerFrame frame) {
    byte[] utf8 = codec.encode(frame);
    meters.messageOut(utf8.length);
    socket.text(utf8);
  }

  @Override
  public void send(SharedPublication publication) {
    meters.messageOut(publication.nativeFrame().length);
    socket.publication(publication);
  }

  @Override
  public boolean sendTogether(Bundle bundle) {
    counts.publicationsOut(bundle.size(), socket.bundle(bundle));
    return true;
  }

  @Override
  public long queuedBytes() {
    return socket.queuedBytes();
  }

  @Override
  public long takenBytes() {
    return socket.takenBytes();
  }

  @Override
  public void probe() {
    socket.ping();
  }

  @Override
  public void close(CloseCode code) {
    socket.close(code.code(), code.reason());
  }

  @Override
  public void cut() {
    socket.cut();
  }
}
