package io.madang.gateway.edge.signalr.negotiation;

import io.madang.gateway.edge.signalr.session.HubTransport;
import io.madang.gateway.identity.Credential;
import java.util.Optional;

/**
 * A response waits for what a hub connection says.
 *
 * @param offered what the request said of who sends it
 * @param transport how it waits: for one piece, or for all that comes
 */
public record HubReceive(Optional<Credential> offered, HubTransport transport) {}
