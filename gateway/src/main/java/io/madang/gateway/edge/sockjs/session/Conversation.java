package io.madang.gateway.edge.sockjs.session;

import io.madang.gateway.identity.Credential;
import io.madang.protocol.code.CloseCode;
import io.madang.protocol.frame.ServerFrame.Failure;

/** What is said in one session: frames on top of it are a plug. Told on the session's loop. */
public interface Conversation {

  /** Whether the credential says at once that it is of the same user; what cannot be judged at once does not. */
  boolean isOf(Credential credential);

  /** @param isText false where the client sent bytes, which only raw WebSockets can */
  void onMessage(String message, boolean isText);

  /** The client is there: a request of its own, a pong, or the network took a heartbeat. */
  void onHeard();

  /** The network took something of what waited. */
  void onWritten();

  /** There is no room for the session; its greeting is out already, so that the refusal can be said in it. */
  void onNoPlace(Failure failure);

  /** The client broke the rules of its transport; the conversation is to be closed with this code now. */
  void onViolation(CloseCode code);

  /** The server stops and takes the session with it in a moment. */
  void onShutdown();

  /** Nothing more comes, and nothing more can be said. Told once. */
  void onClosed();
}
