package io.madang.gateway.edge.websocket.wire;

import io.madang.protocol.code.CloseCode;

/** What a socket tells the edge it belongs to, on the socket's loop. */
public interface WireListener {

  /** A whole message came. */
  void onMessage(byte[] message, boolean isText);

  /** Anything came: a message or part of one, a ping, a pong. */
  void onHeard();

  /**
   * The peer broke the rules; nothing more is read from it.
   *
   * @param code that the socket is to be closed with now
   */
  void onViolation(CloseCode code);

  /** The network has taken most of what waited, after more waited than may. */
  void onDrained();

  /** The server stops and takes the socket with it in a moment. */
  void onShutdown();

  /** Nothing more comes and nothing more can be said: the peer closes, or the channel is gone. Told once. */
  void onClosed();

  /** The code to answer the peer's with; mostly the same. */
  default int goodbyeTo(int code) {
    return code;
  }

  /** The reason that goes with {@link #goodbyeTo}. */
  default String reasonOfGoodbye() {
    return "";
  }
}
