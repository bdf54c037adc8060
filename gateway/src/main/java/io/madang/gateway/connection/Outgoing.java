package io.madang.gateway.connection;

import io.madang.gateway.fanout.Bundle;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.gateway.identity.Principal;
import io.madang.gateway.limit.DeadlineWheel.Deadline;
import io.madang.protocol.code.CloseCode;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.runtime.command.Effects;
import java.time.Duration;
import java.util.Optional;

/**
 * What goes out to one client, and what is done while it reads more slowly than that: it lags above a bound, is told to the topics
 * when it has read most of what waits, and is closed when it takes nothing for long, or is sent more than it may leave. Does nothing
 * once the connection is closed. Part of its {@link Connection}.
 */
final class Outgoing {
  private final Connection connection;
  private final FrameSink sink;
  private final Surroundings around;
  private final Backlog backlog;

  /** The next look at whether a client that lags takes anything; empty while it does not lag. */
  private Optional<Deadline> stalledDeadline = Optional.empty();

  Outgoing(Connection connection, FrameSink sink, Surroundings around) {
    this.connection = connection;
    this.sink = sink;
    this.around = around;
    this.backlog = new Backlog(
        around.limits().laggingBytes(),
        around.limits().drainedBytes(),
        around.limits().stalled());
  }

  // Sending.

  void send(ServerFrame frame) {
    if (!connection.isClosed()) {
      sink.send(frame);
      watch();
    }
  }

  void send(SharedPublication publication) {
    if (!connection.isClosed()) {
      around.meters().delivery();
      sink.send(publication);
      watch();
    }
  }

  /** False when this edge has no form of it that all its connections share, and nothing was done. */
  boolean sendTogether(Bundle bundle) {
    if (!sink.sendTogether(bundle)) {
      return false;
    }
    watch();
    return true;
  }

  void tellEffects(long ref, Effects effects) {
    if (!connection.isClosed()) {
      sink.effects(ref, effects);
    }
  }

  void fail(long ref, Failure failure) {
    around.meters().error();
    send(new ServerFrame.Error(ref, failure));
  }

  /** Tells the client who it is here, and what it may. */
  void sendConnected(long ref, Principal principal) {
    send(new ServerFrame.Connected(
        ref,
        connection.connection(),
        around.node(),
        new ServerFrame.User(
            principal.userId(),
            principal.name(),
            principal.roles().stream().sorted().toList()),
        around.limits().keepAlive().toMillis(),
        Optional.of(principal.expiresAt()),
        new ServerFrame.Limits(
            around.limits().maxMessageBytes(),
            around.limits().maxTopics(),
            around.limits().maxPending(),
            around.limits().commandsPerSecond(),
            around.limits().commandBurst())));
  }

  // Reading slowly.

  /** More waits for the client: one that does not read costs memory, and can resume from its positions. */
  void watch() {
    long waiting = waitingBytes();
    if (waiting > around.limits().maxOutboundBytes()) {
      connection.close(CloseCode.SLOW_CONSUMER, Duration.ZERO);
    } else if (backlog.isAbove(waiting)) {
      backlog.begin(sink.takenBytes(), around.time().nowMs());
      around.meters().lagBegan();
      watchForStall();
    }
  }

  private long waitingBytes() {
    return sink.queuedBytes() + connection.heldBytes();
  }

  boolean isLagging() {
    return backlog.isLagging();
  }

  /** Whether nothing of it must be left out or wait, however it is sent. */
  boolean needsNoCloserLook(Bundle bundle) {
    long waiting = waitingBytes();
    return !backlog.isLagging()
        && waiting + bundle.dataBytes() <= around.limits().laggingBytes()
        && !(bundle.hasEphemeral() && backlog.isBusy(waiting));
  }

  /** Whether what is worth something only now is left out; counted if so. */
  boolean leavesOutEphemeral() {
    boolean isBusy = backlog.isBusy(waitingBytes());
    if (isBusy) {
      around.meters().leftOut();
    }
    return isBusy;
  }

  /** The network took something of what waited. */
  void onWritten() {
    if (backlog.shrank(waitingBytes(), around.time().nowMs())) {
      onDrained();
    }
  }

  /** What was held for this connection is with the network now, which tells how it takes it only if that is much. */
  void onHeldSent() {
    if (backlog.isNoMoreThanMayWait(waitingBytes())) {
      onDrained();
    }
  }

  private void onDrained() {
    endLag();
    if (!connection.isClosed()) {
      around.topics().drained(connection);
    }
  }

  private void endLag() {
    around.meters().lagEnded();
    stalledDeadline.ifPresent(Deadline::cancel);
    stalledDeadline = Optional.empty();
  }

  private void watchForStall() {
    long now = around.time().nowMs();
    stalledDeadline =
        Optional.of(around.deadlines().at(backlog.nextLookMs(now), this::onStallSuspected));
  }

  private void onStallSuspected() {
    long now = around.time().nowMs();
    if (backlog.isStalled(sink.takenBytes(), now)) {
      connection.close(CloseCode.SLOW_CONSUMER, Duration.ZERO);
    } else {
      watchForStall();
    }
  }

  /** The connection is over. */
  void end() {
    if (backlog.end()) {
      endLag();
    }
  }
}
