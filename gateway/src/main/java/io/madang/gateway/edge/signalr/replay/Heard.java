package io.madang.gateway.edge.signalr.replay;

import io.madang.gateway.edge.signalr.wire.BadHubMessageException;

/** Which messages of a client have come, by the numbers that both sides count in silence, from 1 on. A plain object. */
final class Heard {
  /** Of the newest that was new. */
  private long last;

  /** That the next one has; lower than the newest while the client says again what came before. */
  private long next = 1;

  /** Whether nothing counts before the client has said which number comes next. */
  private boolean awaitsSequence;

  Heard() {}

  /** As it was left by another one; the client is to say which number comes next. */
  static Heard restored(long last) {
    Heard restored = new Heard();
    restored.last = last;
    restored.next = last + 1;
    restored.awaitsSequence = true;
    return restored;
  }

  /** The client comes by another transport. */
  void onOtherTransport() {
    awaitsSequence = true;
  }

  boolean awaitsSequence() {
    return awaitsSequence;
  }

  /**
   * The client says which number comes next.
   *
   * @throws BadHubMessageException when something before that has never come
   */
  void sequence(long number) throws BadHubMessageException {
    if (number < 1 || number > last + 1) {
      throw new BadHubMessageException(
          "the client goes on with number " + number + " behind number " + last);
    }
    next = number;
    awaitsSequence = false;
  }

  /** A message with a number came; false when it came before. */
  boolean isNew() {
    long number = next++;
    if (number <= last) {
      return false;
    }
    last = number;
    return true;
  }

  long last() {
    return last;
  }
}
