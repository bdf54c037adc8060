package io.madang.gateway.edge.sockjs.session;

import io.madang.gateway.fanout.Bundle;
import io.madang.gateway.fanout.SharedPublication;

/**
 * One client of SockJS, whatever carries what is said to it. On one event loop; everything leaves in the order of the calls, and
 * nothing after a close.
 */
public interface Link {

  /** Sends one message, which is UTF-8. */
  void send(byte[] message);

  /** Sends one message, which may hold half pairs of surrogates as strings of JavaScript may. */
  void send(String message);

  /** Sends one publication as {@code speech} says it, and answers how many bytes that is. */
  int send(SharedPublication publication, Speech speech);

  /** Sends all that a topic brings in a turn, and answers how many bytes that is. */
  int send(Bundle bundle, Speech speech);

  /** Bytes handed over that the network has not taken yet. */
  long queuedBytes();

  /** Bytes that the network has ever taken. */
  long takenBytes();

  /** Makes a live peer be heard, if the transport can. */
  void probe();

  /** Says goodbye behind what was sent before. */
  void close(int code, String reason);

  /** Ends at once, whatever waits. */
  void cut();
}
