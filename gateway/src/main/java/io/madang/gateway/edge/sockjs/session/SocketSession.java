package io.madang.gateway.edge.sockjs.session;

import io.madang.gateway.edge.sockjs.text.ClientMessages;
import io.madang.gateway.edge.sockjs.text.Quoted;
import io.madang.gateway.edge.sockjs.text.SockJsFrames;
import io.madang.gateway.edge.websocket.wire.WireListener;
import io.madang.gateway.edge.websocket.wire.WireSocket;
import io.madang.gateway.fanout.Bundle;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.protocol.code.CloseCode;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One session on one WebSocket that carries SockJS frames, and ends with it. */
public final class SocketSession implements Link, WireListener {
  private static final int NO_BYTES_PLEASE = 1003;
  private static final int INVALID_DATA = 1007;
  private static final int NORMAL = 1000;

  private final WireSocket socket;
  private final Conversation conversation;

  /** What the socket is closed with, when the client broke its rules; else 0. */
  private int violation;

  private boolean isClosing;

  /** Whether the conversation knows that it is over. */
  private boolean isTold;

  public SocketSession(WireSocket socket, Protocol protocol, Opening opening) {
    this.socket = socket;
    socket.text(SockJsFrames.open());
    this.conversation = protocol.open(this, opening);
  }

  // What the socket tells.

  @Override
  public void onMessage(byte[] message, boolean isText) {
    if (isClosing) {
      return;
    }
    if (!isText) {
      breakOff(NO_BYTES_PLEASE, "text only");
      return;
    }
    try {
      for (String each : ClientMessages.ofSocket(new String(message, StandardCharsets.UTF_8))) {
        if (!isClosing) {
          conversation.onMessage(each, true);
        }
      }
    } catch (ClientMessages.BrokenException e) {
      breakOff(INVALID_DATA, e.getMessage());
    }
  }

  private void breakOff(int code, String reason) {
    isClosing = true;
    socket.close(code, reason);
    tellClosed();
  }

  private void tellClosed() {
    if (!isTold) {
      isTold = true;
      conversation.onClosed();
    }
  }

  @Override
  public void onHeard() {
    conversation.onHeard();
  }

  @Override
  public void onViolation(CloseCode code) {
    violation = code.code();
    conversation.onViolation(code);
    // A conversation that was closed before has said its own goodbye.
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
    tellClosed();
  }

  // What the conversation says.

  @Override
  public void send(byte[] message) {
    socket.text(SockJsFrames.messages(List.of(Quoted.of(message))));
  }

  @Override
  public void send(String message) {
    socket.text(SockJsFrames.messages(List.of(Quoted.of(message))));
  }

  @Override
  public int send(SharedPublication publication, Speech speech) {
    byte[] element = speech.element(publication);
    socket.text(SockJsFrames.messages(List.of(element)));
    return element.length;
  }

  @Override
  public int send(Bundle bundle, Speech speech) {
    return socket.bundle(bundle, speech.framed());
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
    socket.text(SockJsFrames.heartbeat());
  }

  /** Only the frame can say every code: a WebSocket's own close cannot. */
  @Override
  public void close(int code, String reason) {
    isClosing = true;
    socket.text(SockJsFrames.close(code, reason));
    socket.close(violation == 0 ? NORMAL : violation, "");
  }

  @Override
  public void cut() {
    isClosing = true;
    socket.cut();
  }
}
