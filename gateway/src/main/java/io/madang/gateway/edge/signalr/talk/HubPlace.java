package io.madang.gateway.edge.signalr.talk;

import io.madang.gateway.connection.Surroundings;
import io.madang.gateway.connection.measure.LoopCounts;
import io.madang.gateway.edge.signalr.meaning.HubSpeeches;
import io.madang.gateway.identity.Guests;
import java.util.Optional;

/**
 * What the hub connections of one event loop share.
 *
 * @param speeches of all loops of the gateway
 * @param guests how somebody comes in without a name; empty where nobody does
 */
public record HubPlace(
    Surroundings around,
    LoopCounts counts,
    HubSpeeches speeches,
    Optional<Guests> guests,
    HubTimes times) {}
