package io.madang.gateway.edge.signalr.negotiation;

import io.madang.gateway.edge.signalr.replay.Kept;
import io.madang.gateway.edge.signalr.session.HubMemory;
import java.util.Optional;

/**
 * A hub connection as it is handed over to another gateway, but for its token.
 *
 * @param hub by name
 * @param owner whose it is; empty where that is who has the token
 * @param address its client's
 */
public record HubState(
    String hub, Optional<String> owner, String address, Kept kept, HubMemory memory) {}
