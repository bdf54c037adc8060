package io.madang.gateway.edge.signalr.replay;

import io.madang.gateway.edge.signalr.wire.HubFormat;
import io.madang.gateway.edge.signalr.wire.HubMessage;
import io.madang.gateway.limit.DeadlineWheel.Deadline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a client is told in numbered messages. Owns what it has not confirmed, what waits until there is room to keep it, and whether
 * the client counts yet. On the connection's loop.
 *
 * <p>What is said is kept until the client confirms it, whether anybody is there to hear it or not. With as much kept as one
 * connection may, the rest waits for confirmations; with as much as all may keep together, it waits for good, and whoever keeps the
 * connection is told that there is no place.
 */
final class Saying {
  /**
   * Clients begin to count a moment after they have read the answer to their handshake, and send a ping then. One that does not is told
   * what there is after so long.
   */
  static final Duration UNCOUNTED = Duration.ofSeconds(2);

  /** Who keeps the connection. */
  interface Host {
    /** The client has confirmed something, so that more may be said. */
    void isConfirmed();

    /** There is no room for it at this gateway; told once, later in the turn that showed it. */
    void hasNoPlace();
  }

  private final ResumeRules rules;
  private final LastingTimes times;

  /** Says something to who carries the connection, if anybody does. */
  private final Consumer<byte[]> say;

  private final Host host;

  /** How messages are written, once they are numbered; null before. */
  private HubFormat format;

  /** Whether the client is known to count what it is told. */
  private boolean isCounted;

  /** When that is taken for granted; null before anything is numbered, and once it is known. */
  private Deadline counting;

  private final Unconfirmed unconfirmed;

  /** What has a number and may not be said before the client confirms something; in order. */
  private final Deque<Piece> waiting = new ArrayDeque<>(0);

  private long waitingBytes;

  /** Whether there was no room for it at this gateway. */
  private boolean isWithoutPlace;

  Saying(
      Unconfirmed unconfirmed,
      ResumeRules rules,
      LastingTimes times,
      Consumer<byte[]> say,
      Host host) {
    this.unconfirmed = unconfirmed;
    this.rules = rules;
    this.times = times;
    this.say = say;
    this.host = host;
  }

  // Numbers.

  /** Messages are numbered from now on. */
  void begin(HubFormat spoken) {
    format = spoken;
    counting = times.after().apply(UNCOUNTED, this::counts);
  }

  /** They are already, as the connection was left elsewhere by a client that counts. */
  void goOnWith(HubFormat spoken) {
    format = spoken;
    isCounted = true;
  }

  boolean isNumbered() {
    return format != null;
  }

  /** Whether there is room here for what was kept elsewhere; counted if so. */
  boolean hasPlace() {
    return rules.budget().take(unconfirmed.bytes());
  }

  /** The client counts what it is told: it has shown so, or had the time for it. */
  void counts() {
    isCounted = true;
    stopCounting();
    goOn();
  }

  private void stopCounting() {
    if (counting != null) {
      counting.cancel();
      counting = null;
    }
  }

  // What is said.

  /** Says something numbered as soon as it may be kept. */
  void say(Piece piece) {
    waiting.add(piece);
    waitingBytes += piece.messages().length;
    goOn();
  }

  private void goOn() {
    while (isCounted && !waiting.isEmpty() && !unconfirmed.isFull() && !isWithoutPlace) {
      Piece next = waiting.element();
      if (!rules.budget().take(next.messages().length)) {
        isWithoutPlace = true;
        times.laterInTheTurn().execute(host::hasNoPlace);
        return;
      }
      waiting.remove();
      waitingBytes -= next.messages().length;
      unconfirmed.add(next);
      say.accept(next.messages());
    }
  }

  /** The client has all up to this number. */
  void confirmed(long number) {
    rules.budget().giveBack(unconfirmed.confirmed(number));
    goOn();
    host.isConfirmed();
  }

  /** Confirms to the client that all up to this number of what it said has come. */
  void confirm(long number) {
    say.accept(format.write(new HubMessage.Ack(number)));
  }

  /** Whoever carries the connection for the first time is told what was said before that. */
  void sayKept() {
    unconfirmed.each(say);
  }

  /** Whoever comes back is told first which number is next, then all that is kept, then what is new. */
  void sayAgain() {
    say.accept(format.write(new HubMessage.Sequence(unconfirmed.first())));
    sayKept();
    // It came with numbers, so it has begun to count.
    counts();
  }

  /** Says what waits though it is not kept, as nothing comes behind it but a goodbye. */
  void sayAll() {
    waiting.forEach(piece -> say.accept(piece.messages()));
    forgetWaiting();
  }

  /** Bytes that wait for confirmations. */
  long waitingBytes() {
    return waitingBytes;
  }

  // How it ends here.

  /**
   * What is left for whoever goes on with the connection.
   *
   * @param heard the number of the newest message that came
   */
  Kept kept(boolean isBinary, long heard) {
    List<Piece> all = new ArrayList<>(unconfirmed.pieces());
    all.addAll(waiting);
    long last = unconfirmed.last() + waiting.stream().mapToLong(Piece::count).sum();
    return new Kept(isBinary, last, all, heard);
  }

  /** The connection is over: nothing is kept. */
  void end() {
    stopCounting();
    rules.budget().giveBack(unconfirmed.forget());
    forgetWaiting();
  }

  private void forgetWaiting() {
    waiting.clear();
    waitingBytes = 0;
  }
}
