package io.madang.gateway.edge.relay;

/** The response that waits for what is said to it, on the loop of its request. */
public interface Taker {

  /** @param frame one frame, as the network gets it; read only */
  void frame(byte[] frame);

  /**
   * No more comes on this response.
   *
   * @param status how it ends, as HTTP has it; what it means behind frames is the taker's
   */
  void end(int status);

  /** Where it was to come from is gone, and whatever was not brought with it. */
  void lost();
}
