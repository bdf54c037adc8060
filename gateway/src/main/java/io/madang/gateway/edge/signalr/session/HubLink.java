package io.madang.gateway.edge.signalr.session;

import io.madang.gateway.fanout.Bundle;
import io.madang.gateway.fanout.SharedPublication;

/**
 * What carries the bytes of one hub connection to its client. On one event loop; what is sent leaves in the order of the calls,
 * and nothing after a close.
 */
public interface HubLink {

  /** Sends one or more whole hub messages, framed by the hub protocol. */
  void send(byte[] messages);

  /** Sends what a publication is to the client, which may be nothing; answers how many bytes that is. */
  int send(SharedPublication publication, HubSpeech speech);

  /** Sends all that a topic brings in a turn, and answers how many bytes that is. */
  int send(Bundle bundle, HubSpeech speech);

  /** What the messages are from now on: bytes, or UTF-8 text. Text until told. */
  void speaksBytes(boolean isBinary);

  /** Bytes handed over that the network has not taken yet. */
  long queuedBytes();

  /** Bytes that the network has ever taken. */
  long takenBytes();

  /** Makes a live peer be heard, if the transport can by itself. */
  default void probe() {}

  /** Reads on, or leaves what the client sends to wait with it, if the transport can. */
  default void setReading(boolean isReading) {}

  /** Lets a response go that waits, so that the client asks again and shows anew who it is, if the transport can. */
  default void letGo() {}

  /** Says goodbye, as the transport does, behind what was sent before. */
  void close();

  /** Ends at once, whatever waits. */
  void cut();
}
