package io.madang.gateway.edge.sockjs.session;

import io.madang.gateway.edge.websocket.wire.WireListener;
import io.madang.gateway.edge.websocket.wire.WireSocket;
import io.madang.gateway.fanout.Bundle;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.protocol.code.CloseCode;
import java.nio.charset.StandardCharsets;

/**
 * One session on one raw WebSocket: messages, and nothing around them. Who sends bytes is answered in bytes, since clients of
 * either kind do not read the other.
 */
public final class PlainSession implements Link, WireListener {
  private final WireSocket socket;
  private final Conversation conversation;
  private boolean isClosing;

  /** Whether the last message came as bytes. */
  private boolean speaksBytes;

  public PlainSession(WireSocket socket, Protocol protocol, Opening opening) {
    this.socket = socket;
    this.conversation = protocol.open(this, opening);
  }

  @Override
  public void onMessage(byte[] message, boolean isText) {
    if (!isClosing) {
      speaksBytes = !isText;
      conversation.onMessage(new String(message, StandardCharsets.UTF_8), isText);
    }
  }

  @Override
  public void onHeard() {
    conversation.onHeard();
  }

  @Override
  public void onViolation(CloseCode code) {
    conversation.onViolation(code);
    socket.close(code.code(), code.reason());
  }

  @Override
  public void onDrained() {
    conversation.onWritten();
  }

  @Override
  public void onShutdown() {
    conversation.onShutdown();
  }

  @Override
  public void onClosed() {
    isClosing = true;
    conversation.onClosed();
  }

  @Override
  public void send(byte[] message) {
    if (speaksBytes) {
      socket.bytes(message);
    } else {
      socket.text(message);
    }
  }

  @Override
  public void send(String message) {
    send(message.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public int send(SharedPublication publication, Speech speech) {
    byte[] message = speech.message(publication);
    send(message);
    return message.length;
  }

  @Override
  public int send(Bundle bundle, Speech speech) {
    if (!speaksBytes) {
      return socket.bundle(bundle, speech.plain());
    }
    int bytes = 0;
    for (SharedPublication publication : bundle.publications()) {
      bytes += send(publication, speech);
    }
    return bytes;
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
  public void close(int code, String reason) {
    isClosing = true;
    socket.close(code, reason);
  }

  @Override
  public void cut() {
    isClosing = true;
    socket.cut();
  }
}
