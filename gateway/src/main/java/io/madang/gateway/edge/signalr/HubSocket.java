package io.madang.gateway.edge.signalr;

import io.madang.gateway.edge.signalr.session.HubConversation;
import io.madang.gateway.edge.signalr.session.HubLink;
import io.madang.gateway.edge.signalr.session.HubOpening;
import io.madang.gateway.edge.signalr.session.HubProtocol;
import io.madang.gateway.edge.signalr.session.HubSpeech;
import io.madang.gateway.edge.websocket.wire.WireListener;
import io.madang.gateway.edge.websocket.wire.WireSocket;
import io.madang.gateway.fanout.Bundle;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.protocol.code.CloseCode;

/**
 * One hub connection on one WebSocket, with which it ends. Whether a message came as text or as bytes says nothing: clients send
 * either, whatever they speak.
 */
public final class HubSocket implements HubLink, WireListener {
  private final WireSocket socket;
  private final HubConversation conversation;
  private boolean speaksBytes;

  /** What the socket is closed with. */
  private CloseCode closing = CloseCode.NORMAL;

  /** Whether the conversation knows that it is over. */
  private boolean isTold;

  public HubSocket(WireSocket socket, HubProtocol protocol, HubOpening opening) {
    this.socket = socket;
    this.conversation = protocol.open(this, opening);
  }

  // What the socket tells.

  @Override
  public void onMessage(byte[] message, boolean isText) {
    conversation.onBytes(message);
  }

  @Override
  public void onHeard() {
    conversation.onHeard();
  }

  @Override
  public void onViolation(CloseCode code) {
    closing = code;
    conversation.onViolation(code);
    // A conversation that was closed before has said its own goodbye.
    close();
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
    if (!isTold) {
      isTold = true;
      conversation.onClosed();
    }
  }

  // What the conversation says.

  @Override
  public void send(byte[] messages) {
    if (speaksBytes) {
      socket.bytes(messages);
    } else {
      socket.text(messages);
    }
  }

  @Override
  public int send(SharedPublication publication, HubSpeech speech) {
    byte[] messages = speech.messages(publication);
    if (messages.length > 0) {
      send(messages);
    }
    return messages.length;
  }

  @Override
  public int send(Bundle bundle, HubSpeech speech) {
    return socket.bundle(bundle, speech.frames());
  }

  @Override
  public void speaksBytes(boolean isBinary) {
    speaksBytes = isBinary;
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
  public void setReading(boolean isReading) {
    socket.setReading(isReading);
  }

  @Override
  public void close() {
    socket.close(closing.code(), "");
  }

  @Override
  public void cut() {
    socket.cut();
  }
}
