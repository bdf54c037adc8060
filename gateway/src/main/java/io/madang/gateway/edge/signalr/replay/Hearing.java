package io.madang.gateway.edge.signalr.replay;

import io.madang.gateway.edge.signalr.wire.BadHubMessageException;
import io.madang.gateway.edge.signalr.wire.HubMessage;
import io.madang.gateway.limit.DeadlineWheel.Deadline;
import java.time.Duration;

/**
 * What a client says in numbered messages, each heard once. Owns which of them have come, and when that is confirmed. On the
 * connection's loop.
 */
final class Hearing {
  /** So often what came is confirmed, if anything did. */
  private static final Duration CONFIRMED = Duration.ofSeconds(1);

  private final Heard heard;
  private final LastingTimes times;
  private final Saying saying;

  /** When what came is confirmed; null while nothing has. */
  private Deadline confirming;

  /** @param saying is told what the client confirms, and confirms to it */
  Hearing(Heard heard, LastingTimes times, Saying saying) {
    this.heard = heard;
    this.times = times;
    this.saying = saying;
  }

  /** The client comes by another transport: nothing counts before it has said which number comes next. */
  void onOtherTransport() {
    heard.onOtherTransport();
  }

  /**
   * Whether the conversation is to take a message.
   *
   * @throws BadHubMessageException when its number cannot be
   */
  boolean takes(HubMessage message) throws BadHubMessageException {
    if (message instanceof HubMessage.Sequence sequence) {
      heard.sequence(sequence.sequence());
      return false;
    }
    if (heard.awaitsSequence()) {
      return false;
    }
    if (message instanceof HubMessage.Ack ack) {
      saying.confirmed(ack.sequence());
      return false;
    }
    if (!message.isNumbered()) {
      return true;
    }
    confirmSoon();
    return heard.isNew();
  }

  /** The number of the newest message that came. */
  long last() {
    return heard.last();
  }

  /** The connection is over. */
  void end() {
    if (confirming != null) {
      confirming.cancel();
    }
  }

  private void confirmSoon() {
    if (confirming == null) {
      confirming = times.after().apply(CONFIRMED, this::confirm);
    }
  }

  private void confirm() {
    confirming = null;
    saying.confirm(heard.last());
  }
}
