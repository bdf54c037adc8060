package io.madang.client;

import io.madang.protocol.frame.ClientFrame;

/** What commands and subscriptions need of the connection that is there just now; used on the client's thread only. */
interface Line {
  /** Whether the client is signed in and frames can be sent. */
  boolean isOpen();

  /** A number for the next request, larger than any before. */
  long nextRef();

  /** Bytes of the frame as it would be sent. */
  byte[] encode(ClientFrame frame);

  /** Hands over one frame; only while open, and with no more bytes than the gateway takes. */
  void send(byte[] frame);

  /** Largest message the gateway takes, in bytes. */
  int maxMessageBytes();

  /** Does something later, on the client's thread. */
  void after(long delayMs, Runnable task);

  /** How long to wait before a request is tried again that the gateway could not do just now, in milliseconds. */
  long retryWaitMs(long askedMs);
}
