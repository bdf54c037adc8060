package io.madang.gateway.edge.signalr.talk;

import java.time.Duration;

/**
 * When hub connections are asked for a sign of life.
 *
 * @param keepAlive how often a client is pinged, whatever else it is sent; clients give up after 30 s without a word
 * @param clientTimeout without a word from a client that has pinged once it is closed after so long, and may come back
 */
public record HubTimes(Duration keepAlive, Duration clientTimeout) {
  /** Clients of SignalR wait twice as long for a word. */
  public static final Duration LONGEST_KEEP_ALIVE = Duration.ofSeconds(15);

  /** A client that polls asks once more when its token is over, and has so long to come with another. */
  static final Duration LATE_TOKEN = Duration.ofSeconds(10);

  private static final int MISSED_PINGS = 2;

  /** @param keepAlive as the gateway has it for other doors */
  public static HubTimes of(Duration keepAlive) {
    Duration pings = keepAlive.compareTo(LONGEST_KEEP_ALIVE) < 0 ? keepAlive : LONGEST_KEEP_ALIVE;
    return new HubTimes(pings, pings.multipliedBy(MISSED_PINGS));
  }
}
