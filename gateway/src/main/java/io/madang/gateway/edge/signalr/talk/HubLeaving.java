package io.madang.gateway.edge.signalr.talk;

import io.madang.gateway.connection.Connection;
import io.madang.gateway.connection.Surroundings;
import io.madang.gateway.edge.signalr.session.HubLink;
import io.madang.gateway.edge.signalr.session.HubMemory;
import io.madang.gateway.limit.DeadlineWheel;

/**
 * The way of one hub connection to another gateway, as this one stops: nothing more is taken from its client, what it called is
 * waited for, for a while; what is not done then fails, and the rest is handed over. On the connection's loop.
 */
final class HubLeaving {
  /** What the connection does on its way. */
  interface Host {
    boolean isClosed();

    /** Whether nothing that the client called is under way. */
    boolean isIdle();

    /** Fails what is under way; from now on nothing more is said. */
    HubMemory leave();

    /** Another gateway goes on, and the client will find it there; or it is to be told goodbye. */
    void hasLeft(boolean isMoved);
  }

  private final Surroundings around;
  private final HubLink link;
  private final Host host;
  private final long untilMs;

  HubLeaving(Surroundings around, HubLink link, Host host) {
    this.around = around;
    this.link = link;
    this.host = host;
    this.untilMs = around.time().nowMs() + Connection.GOODBYE.toMillis();
  }

  void look() {
    if (host.isClosed()) {
      return;
    }
    long now = around.time().nowMs();
    if (host.isIdle() || now >= untilMs) {
      link.move(host.leave(), host::hasLeft);
    } else {
      around.deadlines().at(now + DeadlineWheel.TICK_MS, this::look);
    }
  }
}
