package io.madang.gateway.edge.signalr.session;

import io.madang.gateway.identity.Credential;
import io.madang.runtime.hub.Hub;
import java.util.Optional;

/**
 * Who opened a hub connection.
 *
 * @param hub that it is to
 * @param connectionId the connection's name, public and unique in the mesh
 * @param offered what the request said of who sends it
 * @param address the client's
 * @param memory of the conversation, where it goes on that began at another gateway
 */
public record HubOpening(
    Hub hub,
    String connectionId,
    Optional<Credential> offered,
    String address,
    HubTransport transport,
    Optional<HubMemory> memory) {
  /** One that begins. */
  public HubOpening(
      Hub hub,
      String connectionId,
      Optional<Credential> offered,
      String address,
      HubTransport transport) {
    this(hub, connectionId, offered, address, transport, Optional.empty());
  }
}
