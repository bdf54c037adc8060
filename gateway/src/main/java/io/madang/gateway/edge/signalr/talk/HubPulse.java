package io.madang.gateway.edge.signalr.talk;

import io.madang.gateway.connection.Surroundings;
import io.madang.gateway.limit.DeadlineWheel.Deadline;
import java.util.Optional;

/** Signs of life of one hub connection: how often its client is pinged, and since when it is silent. On the connection's loop. */
final class HubPulse {
  /** What the connection does when it is time. */
  interface Host {
    /** The client is to hear something. */
    void ping();

    /** The client pinged once, and has not been heard for too long. */
    void isSilent();
  }

  private final Surroundings around;
  private final HubTimes times;
  private final Host host;

  /** When anything was last heard, on the forward-only clock. */
  private long heardMs;

  /** The next ping; empty before the first and after the last. */
  private Optional<Deadline> pingDeadline = Optional.empty();

  /** The next look at whether the client still pings; empty before its first ping. */
  private Optional<Deadline> silenceDeadline = Optional.empty();

  private boolean isOver;

  HubPulse(Surroundings around, HubTimes times, Host host) {
    this.around = around;
    this.times = times;
    this.host = host;
    this.heardMs = around.time().nowMs();
  }

  /** Anything came from the client. */
  void onHeard() {
    heardMs = around.time().nowMs();
  }

  /** The client is pinged from now on. */
  void begin() {
    if (!isOver) {
      pingDeadline = Optional.of(around
          .deadlines()
          .at(around.time().nowMs() + times.keepAlive().toMillis(), this::onPingDue));
    }
  }

  private void onPingDue() {
    host.ping();
    begin();
  }

  /** The client pinged; one that does is expected to go on. */
  void onPinged() {
    if (silenceDeadline.isEmpty() && !isOver) {
      watchSilence();
    }
  }

  private void watchSilence() {
    silenceDeadline = Optional.of(around
        .deadlines()
        .at(heardMs + times.clientTimeout().toMillis(), this::onSilenceSuspected));
  }

  private void onSilenceSuspected() {
    if (around.time().nowMs() - heardMs >= times.clientTimeout().toMillis()) {
      host.isSilent();
    } else if (!isOver) {
      watchSilence();
    }
  }

  void end() {
    isOver = true;
    pingDeadline.ifPresent(Deadline::cancel);
    silenceDeadline.ifPresent(Deadline::cancel);
  }
}
