package io.madang.gateway.edge.sockjs.session;

/** The response that waits for what a session says, on the loop of its request. */
public interface Taker {

  /** @param frame one frame, wrapped; read only */
  void frame(byte[] frame);

  /** No more comes on this response. */
  void end();
}
