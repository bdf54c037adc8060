package io.madang.gateway.edge.sockjs.session;

import io.madang.gateway.edge.relay.Home;
import io.madang.gateway.edge.relay.Taker;
import io.madang.gateway.edge.relay.Waiting;
import io.madang.gateway.edge.sockjs.text.Quoted;
import io.madang.gateway.edge.sockjs.text.SockJsFrames;
import io.madang.gateway.fanout.Bundle;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.gateway.limit.DeadlineWheel.Deadline;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * One session that is carried by HTTP responses, one after the other.
 *
 * <pre>
 *         closed by us                    goodbye given to a response, or nobody came for it
 *  OPEN -----------------> CLOSING --------------------------------------------------------> OVER --- nobody asks ---> forgotten
 *   |                                                                                        ^
 *   +--- its response was cut, nobody came in time, or we cut it ----------------------------+
 * </pre>
 *
 * <p>At most one response waits. A second is told so and ends, and the first hears nothing of it. What is said while none waits
 * is kept in order; the next gets it in one frame. A response that is full is let go of the moment that is decided, so that the
 * next never meets it. But the next is told nothing before the network has what the last was given: when that is lost, the one
 * frame of a poll is said again, and a stream, of which the client may have a part, ends the session.
 */
final class HttpSession implements Link {
  /** No more than this is on its way to a response; what comes meanwhile waits here, where it is bounded. */
  private static final int CREDIT_BYTES = 128 * 1024;

  private enum Phase {
    OPEN,
    CLOSING,
    OVER
  }

  private final SessionTimes times;

  /** Run once, when nobody asks for the session any more. */
  private final Runnable forget;

  /** Set once, right after the session was greeted; null before. */
  private Conversation conversation;

  private Phase phase = Phase.OPEN;
  private boolean isGreeted;

  /** What every response is told from now on; null while the session is open. */
  private byte[] goodbye;

  /** Elements for which no response waits, or whose response has enough on its way. */
  private final Deque<byte[]> waiting = new ArrayDeque<>();

  private long waitingBytes;

  /** The response that waits; null when none does. */
  private Receiver receiver;

  /** The last response that was full, until the network has what it was given; null when there is none. */
  private Receiver unconfirmed;

  /** Whether what waits is put out at the end of this turn. */
  private boolean isFlushDue;

  /** When the session is over, or forgotten, unless somebody comes; null while a response waits. */
  private Deadline absent;

  private long handedBytes;
  private long onTheirWayBytes;

  HttpSession(SessionTimes times, Runnable forget) {
    this.times = times;
    this.forget = forget;
  }

  void speaks(Conversation its) {
    conversation = its;
    if (phase == Phase.OVER) {
      // It refused itself before it was known.
      its.onClosed();
    }
  }

  /** Tells a response that it is none of the session's. */
  static Waiting refuse(Reception reception, Taker taker) {
    taker.frame(reception.wrapping().wrap(SockJsFrames.interrupted()));
    taker.end(Home.TAKEN);
    return Waiting.FOR_NOTHING;
  }

  // What requests bring.

  /** @return the response in the session's eyes */
  Waiting receive(Reception reception, Taker taker) {
    Receiver newcomer = new Receiver(reception, taker);
    if (receiver != null) {
      newcomer.frame(SockJsFrames.stillOpen());
      newcomer.end();
      return newcomer;
    }
    stopAbsence();
    receiver = newcomer;
    if (!isGreeted) {
      isGreeted = true;
      newcomer.frame(SockJsFrames.open());
      endIfFull();
    } else if (phase == Phase.OVER) {
      sayGoodbye();
    } else {
      conversation.onHeard();
      goOn();
    }
    if (receiver == newcomer) {
      newcomer.beatLater();
    }
    return newcomer;
  }

  boolean isOpen() {
    return phase == Phase.OPEN;
  }

  void deliver(List<String> messages) {
    conversation.onHeard();
    for (String message : messages) {
      if (phase == Phase.OPEN) {
        conversation.onMessage(message, true);
      }
    }
  }

  /** The response that waits is taken away in a moment: it ends as if it were full, and its client asks for the next. */
  void carrierLeaves() {
    if (receiver != null) {
      if (receiver.reception.isOfOneFrame()) {
        receiver.frame(SockJsFrames.heartbeat());
      }
      endInOrder();
    }
  }

  // What the conversation says.

  @Override
  public void send(byte[] message) {
    add(Quoted.of(message));
  }

  @Override
  public void send(String message) {
    add(Quoted.of(message));
  }

  @Override
  public int send(SharedPublication publication, Speech speech) {
    byte[] element = speech.element(publication);
    add(element);
    return element.length;
  }

  @Override
  public int send(Bundle bundle, Speech speech) {
    int bytes = 0;
    for (SharedPublication publication : bundle.publications()) {
      bytes += send(publication, speech);
    }
    return bytes;
  }

  private void add(byte[] element) {
    if (phase != Phase.OPEN) {
      return;
    }
    waiting.add(element);
    waitingBytes += element.length;
    handedBytes += element.length;
    if (receiver != null && !isFlushDue) {
      isFlushDue = true;
      times.laterInTheTurn().execute(() -> {
        isFlushDue = false;
        putOut(false);
      });
    }
  }

  @Override
  public long queuedBytes() {
    return waitingBytes + onTheirWayBytes;
  }

  @Override
  public long takenBytes() {
    return handedBytes - queuedBytes();
  }

  /** Heartbeats come by themselves. */
  @Override
  public void probe() {}

  @Override
  public void close(int code, String reason) {
    if (phase != Phase.OPEN) {
      return;
    }
    phase = Phase.CLOSING;
    goodbye = SockJsFrames.close(code, reason);
    goOn();
  }

  @Override
  public void cut() {
    if (phase != Phase.OVER) {
      Receiver last = receiver;
      over(SockJsFrames.interrupted());
      if (last != null) {
        receiver = null;
        last.end();
        awaitSomebody();
      }
    }
  }

  // To a response.

  /** The response that waits is told what there is to tell. */
  private void goOn() {
    putOut(true);
    if (phase == Phase.CLOSING && receiver != null && unconfirmed == null) {
      sayGoodbye();
    }
  }

  /** @param all whether also what is more than should be on its way at once */
  private void putOut(boolean all) {
    boolean isTime = receiver != null && unconfirmed == null && !waiting.isEmpty();
    if (!isTime || (!all && receiver.onTheirWay >= CREDIT_BYTES)) {
      return;
    }
    List<byte[]> elements = new ArrayList<>(waiting);
    long bytes = waitingBytes;
    waiting.clear();
    waitingBytes = 0;
    receiver.carry(elements, bytes);
    endIfFull();
  }

  private void endIfFull() {
    if (receiver.written >= receiver.reception.limitBytes()) {
      endInOrder();
    }
  }

  private void endInOrder() {
    Receiver last = detach();
    if (last.carries && last.onTheirWay > 0) {
      unconfirmed = last;
    }
    last.end();
  }

  private Receiver detach() {
    Receiver last = receiver;
    receiver = null;
    awaitSomebody();
    return last;
  }

  private void sayGoodbye() {
    byte[] word = goodbye;
    over(word);
    Receiver last = detach();
    last.frame(word);
    last.end();
  }

  private void awaitSomebody() {
    stopAbsence();
    absent = times.after(times.absence(), this::onNobodyCame);
  }

  private void stopAbsence() {
    if (absent != null) {
      absent.cancel();
      absent = null;
    }
  }

  private void onNobodyCame() {
    over(SockJsFrames.interrupted());
    forget.run();
  }

  /** Nothing is said any more but this. */
  private void over(byte[] word) {
    if (phase == Phase.OVER) {
      return;
    }
    phase = Phase.OVER;
    goodbye = word;
    waiting.clear();
    waitingBytes = 0;
    unconfirmed = null;
    if (conversation != null) {
      conversation.onClosed();
    }
  }

  /** One response, and what is on its way to it. */
  private final class Receiver implements Waiting {
    private final Reception reception;
    private final Taker taker;

    /** Bytes of frames, wrapped, that it was given. */
    private long written;

    /** Of those, what the network has not taken. */
    private long onTheirWay;

    /** Of elements that are on their way to it, how many bytes, and which; the latter only where it takes one frame. */
    private long elementBytes;

    private List<byte[]> elements = List.of();

    /** Whether it was given any. */
    private boolean carries;

    private boolean isEnded;
    private Optional<Deadline> nextBeat = Optional.empty();

    Receiver(Reception reception, Taker taker) {
      this.reception = reception;
      this.taker = taker;
    }

    void frame(byte[] frame) {
      byte[] wrapped = reception.wrapping().wrap(frame);
      written += wrapped.length;
      onTheirWay += wrapped.length;
      taker.frame(wrapped);
    }

    void carry(List<byte[]> brought, long bytes) {
      elementBytes += bytes;
      onTheirWayBytes += bytes;
      carries = true;
      if (reception.isOfOneFrame()) {
        elements = brought;
      }
      frame(SockJsFrames.messages(brought));
    }

    void end() {
      isEnded = true;
      nextBeat.ifPresent(Deadline::cancel);
      taker.end(Home.TAKEN);
    }

    void beatLater() {
      nextBeat = Optional.of(times.after(times.heartbeat(), this::beat));
    }

    private void beat() {
      if (receiver == this) {
        frame(SockJsFrames.heartbeat());
        endIfFull();
        if (receiver == this) {
          beatLater();
        }
      }
    }

    @Override
    public void taken(int bytes) {
      onTheirWay -= bytes;
      // What is around the elements is taken with them.
      forget(onTheirWay == 0 ? elementBytes : Math.min(bytes, elementBytes));
      if (onTheirWay == 0) {
        elements = List.of();
        if (unconfirmed == this) {
          unconfirmed = null;
          goOn();
        }
      }
      if (phase == Phase.OVER) {
        return;
      }
      if (receiver == this) {
        conversation.onHeard();
        putOut(false);
      }
      conversation.onWritten();
    }

    private void forget(long bytes) {
      elementBytes -= bytes;
      onTheirWayBytes -= bytes;
    }

    @Override
    public void gone() {
      nextBeat.ifPresent(Deadline::cancel);
      forget(elementBytes);
      if (receiver == this) {
        detach();
        over(SockJsFrames.interrupted());
      } else if (unconfirmed == this && isEnded) {
        unconfirmed = null;
        if (reception.isOfOneFrame()) {
          sayAgain();
        } else {
          interrupt();
        }
      }
    }

    /** The client has a part of what it was told, and nobody knows which. */
    private void interrupt() {
      over(SockJsFrames.interrupted());
      if (receiver != null) {
        sayGoodbye();
      }
    }

    /** The network lost what the response was given: whoever asks again, which browsers do by themselves, gets it. */
    private void sayAgain() {
      for (int i = elements.size() - 1; i >= 0; i--) {
        waiting.addFirst(elements.get(i));
        waitingBytes += elements.get(i).length;
      }
      elements = List.of();
      goOn();
    }
  }
}
