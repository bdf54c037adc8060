package io.madang.gateway.edge.signalr.talk;

import io.madang.gateway.connection.Connection;
import io.madang.gateway.connection.Surroundings;
import io.madang.gateway.edge.signalr.session.HubLink;
import io.madang.gateway.edge.signalr.session.HubMemory;
import io.madang.gateway.edge.signalr.wire.HubMessage;
import io.madang.gateway.limit.DeadlineWheel;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The way of one hub connection to another gateway, as this one stops: nothing more is taken from its client, what it called is
 * waited for, for a while; what is not done then fails, and the rest is handed over. Owns which calls are to be completed, of a
 * connection that may go that way, and whether it went. On the connection's loop.
 */
final class HubLeaving {
  /** What the connection does on its way. */
  interface Host {
    boolean isClosed();

    /** Whether the gateway has answered all that it was asked in the client's name. */
    boolean isIdle();

    /** Tells the client that its call failed. */
    void fail(String call);

    /** From now on nothing more is said. */
    HubMemory leave();

    /** Another gateway goes on, and the client will find it there. */
    void hasLeft();
  }

  private final Surroundings around;
  private final HubLink link;
  private final Host host;

  /** Calls of the client that are to be completed, in order. */
  private final Set<String> uncompleted = new LinkedHashSet<>(0);

  /** Whether another gateway goes on with the connection. */
  private boolean isMoved;

  HubLeaving(Surroundings around, HubLink link, Host host) {
    this.around = around;
    this.link = link;
    this.host = host;
  }

  /** The client said something, which may be a call. */
  void onSaid(HubMessage message) {
    if (message instanceof HubMessage.Invocation call) {
      call.id().ifPresent(uncompleted::add);
    } else if (message instanceof HubMessage.StreamInvocation call) {
      uncompleted.add(call.id());
    }
  }

  /** The client is told something, which may complete its call. */
  void onTold(HubMessage message) {
    if (message instanceof HubMessage.Completion completion) {
      uncompleted.remove(completion.id());
    }
  }

  /** @param otherwise is run where no other gateway goes on, and the connection is not over by then */
  void begin(Runnable otherwise) {
    look(around.time().nowMs() + Connection.GOODBYE.toMillis(), otherwise);
  }

  private void look(long untilMs, Runnable otherwise) {
    if (host.isClosed()) {
      return;
    }
    long now = around.time().nowMs();
    if ((uncompleted.isEmpty() && host.isIdle()) || now >= untilMs) {
      List.copyOf(uncompleted).forEach(host::fail);
      link.move(host.leave(), moved -> onAnswered(moved, otherwise));
    } else {
      around.deadlines().at(now + DeadlineWheel.TICK_MS, () -> look(untilMs, otherwise));
    }
  }

  private void onAnswered(boolean moved, Runnable otherwise) {
    if (host.isClosed()) {
      return;
    }
    isMoved = moved;
    if (moved) {
      host.hasLeft();
    } else {
      otherwise.run();
    }
  }

  /** Whether another gateway goes on with the connection, so that its client needs no goodbye. */
  boolean isMoved() {
    return isMoved;
  }
}
