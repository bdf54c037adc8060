package io.madang.gateway.edge.signalr.negotiation;

import io.madang.gateway.edge.signalr.session.HubTransport;
import io.madang.gateway.identity.Credential;
import java.util.Optional;

/**
 * A response or a WebSocket waits for what a hub connection says.
 *
 * @param offered what the request said of who sends it
 * @param transport how it waits: for one piece, or for all that comes
 * @param socket the number of the claim of a WebSocket, by which it is known; 0 of a response
 */
public record HubReceive(Optional<Credential> offered, HubTransport transport, long socket) {
  /** Of a response. */
  public HubReceive(Optional<Credential> offered, HubTransport transport) {
    this(offered, transport, 0);
  }

  /** Of a WebSocket whose claim was granted, and judged then. */
  public static HubReceive bySocket(long socket) {
    return new HubReceive(Optional.empty(), HubTransport.WEBSOCKETS, socket);
  }
}
