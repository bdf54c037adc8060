package io.madang.gateway.edge.signalr.talk;

import io.madang.gateway.edge.signalr.wire.HubHandshake;
import io.madang.gateway.edge.signalr.wire.HubMessage;
import io.madang.protocol.code.CloseCode;
import io.madang.protocol.frame.ServerFrame;
import java.util.Optional;

/**
 * What a client of a hub is told when its connection ends. Owns what is known of why it does, beside what the connection says itself.
 * On the connection's loop.
 */
final class HubGoodbye {
  /** Of a connection that ends for what its client sent, or for what went wrong here. */
  private static final String CLOSED = "Connection closed with an error.";

  /** Why the client is not let in, where somebody said. */
  private Optional<String> refusal = Optional.empty();

  /** Whether the connection ends because of what the client sent. */
  private boolean isBadInput;

  /** Whether the client is to be told, which it is not where it said goodbye itself or is to find the connection elsewhere. */
  private boolean isNeeded = true;

  /** One that is not let in is told this. */
  void refuses(String why) {
    refusal = Optional.of(why);
  }

  void isBadInput() {
    isBadInput = true;
  }

  void isNotNeeded() {
    isNeeded = false;
  }

  boolean isNeeded() {
    return isNeeded;
  }

  /** What the client hears instead of the answer to its handshake. */
  byte[] refusal() {
    return HubHandshake.refused(refusal.orElse(HubHandshake.CANCELED));
  }

  /** What a client hears that was let in. */
  HubMessage.Close close(ServerFrame.Disconnect frame) {
    if (isBadInput) {
      return new HubMessage.Close(Optional.of(CLOSED), true);
    }
    CloseCode code = CloseCode.of(frame.code()).orElse(CloseCode.INTERNAL_ERROR);
    return switch (code) {
      case NORMAL -> new HubMessage.Close(Optional.empty(), false);
      case RESTARTING -> new HubMessage.Close(Optional.empty(), true);
      default ->
        new HubMessage.Close(
            Optional.of(CLOSED + " The reason: " + frame.reason() + "."),
            // Clients of hubs ask for another token when they come back.
            frame.reconnect() || code == CloseCode.TOKEN_EXPIRED);
    };
  }
}
