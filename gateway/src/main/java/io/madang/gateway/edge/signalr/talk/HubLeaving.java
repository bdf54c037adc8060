package io.madang.gateway.edge.signalr.talk;

import io.madang.gateway.connection.Connection;
import io.madang.gateway.connection.Surroundings;
import io.madang.gateway.edge.signalr.session.HubLink;
import io.madang.gateway.edge.signalr.session.HubMemory;
import io.madang.gateway.edge.signalr.wire.HubMessage;
import io.madang.gateway.limit.DeadlineWheel;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The way of one hub connection to another gateway, as this one stops: what services asked its client is waited for first, as an
 * answer is heard only while the client is; then nothing more is taken from it, what it called is waited for, and what is not done then
 * fails; the rest is handed over. Owns which calls are to be completed, of a connection that may go that way, and whether it went. On the
 * connection's loop.
 */
final class HubLeaving {
  /** What the connection does on its way. */
  interface Host {
    boolean isClosed();

    /** Whether the client has been asked something and has not answered. */
    boolean isAsked();

    /** Nothing more is taken from the client. */
    void stopsListening();

    /** Whether the gateway has answered all that it was asked in the client's name. */
    boolean isIdle();

    /** Tells the client that its call failed. */
    void fail(String call);

    /** From now on nothing more is said. */
    HubMemory leave();

    /** Another gateway goes on, and the client will find it there. */
    void hasLeft();
  }

  /** However late the client answers what it was asked, so much time is left for what it called. */
  private static final Duration ANSWERS_LEAVE = Connection.GOODBYE.dividedBy(2);

  private final Surroundings around;
  private final HubLink link;
  private final Host host;

  /** Calls of the client that are to be completed, in order. */
  private final Set<String> uncompleted = new LinkedHashSet<>(0);

  /** Whether another gateway goes on with the connection. */
  private boolean isMoved;

  /** Whether it has set out on its way. */
  private boolean isBegun;

  /** Whether the client is still heard. */
  private boolean isListening = true;

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
    isBegun = true;
    look(around.time().nowMs() + Connection.GOODBYE.toMillis(), otherwise);
  }

  private void look(long untilMs, Runnable otherwise) {
    if (host.isClosed()) {
      return;
    }
    long now = around.time().nowMs();
    if (isListening && (!host.isAsked() || now >= untilMs - ANSWERS_LEAVE.toMillis())) {
      isListening = false;
      host.stopsListening();
    }
    boolean isIdle = !isListening && uncompleted.isEmpty() && host.isIdle();
    if (isIdle || now >= untilMs) {
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

  /** Whether the connection is on its way, or went. */
  boolean isBegun() {
    return isBegun;
  }

  /** Whether another gateway goes on with the connection, so that its client needs no goodbye. */
  boolean isMoved() {
    return isMoved;
  }
}
