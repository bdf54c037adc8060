package io.madang.gateway.connection;

import io.madang.gateway.command.Commands;
import io.madang.gateway.connection.measure.ConnectionLimits;
import io.madang.gateway.connection.measure.ConnectionMeters;
import io.madang.gateway.connection.measure.LoopTime;
import io.madang.gateway.identity.Authenticator;
import io.madang.gateway.limit.DeadlineWheel;
import io.madang.gateway.limit.UserPlaces;
import io.madang.gateway.limit.UserShares;

/**
 * What the connections of one event loop share.
 *
 * @param node this gateway's name, as clients are told
 */
public record Surroundings(
    String node,
    ConnectionLimits limits,
    LoopTime time,
    DeadlineWheel deadlines,
    Authenticator authenticator,
    UserPlaces places,
    UserShares shares,
    Commands commands,
    Topics topics,
    Connections connections,
    ConnectionMeters meters) {}
