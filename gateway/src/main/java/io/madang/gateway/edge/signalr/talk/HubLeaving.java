package io.madang.gateway.edge.signalr.talk;

import io.madang.gateway.connection.Connection;
import io.madang.gateway.connection.Surroundings;
import io.madang.gateway.edge.signalr.session.HubLink;
import io.madang.gateway.edge.signalr.session.HubMemory;
import io.madang.gateway.limit.DeadlineWheel;

/**
 * The way of one hub connection to another gateway, as this one stops: what services asked its client is waited for first, as an
 * answer is heard only while the client is; then nothing more is taken from it, what it called is waited for, and what is not done then
 * fails; the rest is handed over. On the connection's loop.
 */
final class HubLeaving {
  /** What the connection does on its way. */
  interface Host {
    boolean isClosed();

    /** Whether the client has been asked something and has not answered. */
    boolean isAsked();

    /** Nothing more is taken from the client. */
    void stopsListening();

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

  /** So long answers of the client are waited for, which leaves time for its calls. */
  private final long listensUntilMs;

  private final long untilMs;
  private boolean isListening = true;

  HubLeaving(Surroundings around, HubLink link, Host host) {
    this.around = around;
    this.link = link;
    this.host = host;
    long nowMs = around.time().nowMs();
    this.listensUntilMs = nowMs + Connection.GOODBYE.toMillis() / 2;
    this.untilMs = nowMs + Connection.GOODBYE.toMillis();
  }

  void look() {
    if (host.isClosed()) {
      return;
    }
    long now = around.time().nowMs();
    if (isListening && (!host.isAsked() || now >= listensUntilMs)) {
      isListening = false;
      host.stopsListening();
    }
    if (!isListening && (host.isIdle() || now >= untilMs)) {
      link.move(host.leave(), host::hasLeft);
    } else {
      around.deadlines().at(now + DeadlineWheel.TICK_MS, this::look);
    }
  }
}
