package io.madang.gateway.edge.signalr.session;

import io.madang.gateway.identity.Credential;
import io.madang.protocol.code.CloseCode;
import io.madang.protocol.frame.ServerFrame.Failure;

/** One hub connection as what carries it sees it. Told on its loop. */
public interface HubConversation {

  /** Whether the credential says at once that it is of the same user; what cannot be judged at once does not. */
  boolean isOf(Credential credential);

  /** A request of the same user showed what counts for longer than all before. */
  default void onNewer(Credential credential) {}

  /** Bytes as they come: any number of hub messages; a message may go on in the next call. */
  void onBytes(byte[] bytes);

  /** The client is there: it said something, or asks for more. */
  void onHeard();

  /** The network took what was sent, which tells little of the client: what stands between may have taken it. */
  default void onTaken() {
    onHeard();
  }

  /** The network took something of what waited. */
  void onWritten();

  /** What comes now comes from the begin of a message on: the transport that brought part of one is gone. */
  default void onOtherTransport() {}

  /** There is no room for the connection. */
  void onNoPlace(Failure failure);

  /** The client broke the rules of its transport, or sent more than it may at once; it is to be told goodbye now. */
  void onViolation(CloseCode code);

  /** The server stops and takes the transport with it in a moment. */
  void onShutdown();

  /** Nothing more comes, and nothing more can be said. Told once. */
  void onClosed();
}
