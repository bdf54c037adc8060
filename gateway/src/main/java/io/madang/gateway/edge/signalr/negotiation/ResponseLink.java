package io.madang.gateway.edge.signalr.negotiation;

import io.madang.gateway.edge.relay.Home;
import io.madang.gateway.edge.relay.Taker;
import io.madang.gateway.edge.relay.Waiting;
import io.madang.gateway.edge.signalr.session.HubConversation;
import io.madang.gateway.edge.signalr.session.HubLink;
import io.madang.gateway.edge.signalr.session.HubSpeech;
import io.madang.gateway.edge.signalr.session.HubTransport;
import io.madang.gateway.fanout.Bundle;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.limit.DeadlineWheel.Deadline;
import io.madang.runtime.topic.Payload;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * One hub connection that is carried by HTTP responses: by polls, one after the other, or by one that streams events.
 *
 * <pre>
 *         closed by us                    the client has all that was said, or does not come for it
 *  OPEN -----------------> CLOSING ----------------------------------------------------------------> OVER
 *   |                                                                                                  ^
 *   +--- no poll in time, the stream was cut, the client ended it, or we cut it -----------------------+
 * </pre>
 *
 * <p>At most one response waits; a newer poll takes the place of the older one, a second stream is refused. What is said while none
 * waits is kept in order. A poll ends with the first piece that there is, and the next is told nothing before the network has that
 * piece: when it is lost, the next poll brings it again. Of a stream that is cut nobody knows how much the client has, so the
 * connection ends with it. Hub messages are never cut.
 */
final class ResponseLink implements HubLink {
  /** So much one poll brings, or one message if that alone is more. */
  private static final int PIECE_BYTES = 64 * 1024;

  /** No more than this is on its way to a stream; what comes meanwhile waits here, where it is bounded. */
  private static final int CREDIT_BYTES = 128 * 1024;

  /** So much may wait for a conversation that does not read; of clients that do not wait for answers the rest is refused. */
  static final int MAX_UNREAD_BYTES = 1024 * 1024;

  private static final int NOTHING_MORE = 204;
  private static final int ALREADY_ACTIVE = 409;

  private enum Phase {
    OPEN,
    CLOSING,
    OVER
  }

  private final HubTransport transport;
  private final CarriedTimes times;

  /** Run once, when the connection is over. */
  private final Runnable ended;

  /** Set once, right after the connection was opened; null before. */
  private HubConversation conversation;

  private Phase phase = Phase.OPEN;

  /** Messages for which no response waits, or whose response has enough on its way. */
  private final Deque<byte[]> waiting = new ArrayDeque<>();

  private long waitingBytes;

  /** The response that waits; null when none does. */
  private Response response;

  /** The last poll that was given something, until the network has it; null when there is none. */
  private Response unconfirmed;

  /** Whether any response ever waited. */
  private boolean wasAsked;

  /** Whether what waits is put out at the end of this turn. */
  private boolean isFlushDue;

  /** When the connection is over unless a poll comes; null while one waits, and for a stream. */
  private Deadline absent;

  private long handedBytes;
  private long onTheirWayBytes;

  /** Whether the conversation takes what the client says. */
  private boolean isReading = true;

  /** What came while it did not, in order. */
  private final Deque<Unread> unread = new ArrayDeque<>(0);

  private long unreadBytes;

  private record Unread(Payload bytes, IntConsumer outcome) {}

  ResponseLink(HubTransport transport, CarriedTimes times, Runnable ended) {
    this.transport = transport;
    this.times = times;
    this.ended = ended;
  }

  void speaks(HubConversation its) {
    conversation = its;
    if (phase == Phase.OVER) {
      // It refused itself before it was known.
      its.onClosed();
    }
  }

  HubTransport transport() {
    return transport;
  }

  // What requests bring.

  Waiting receive(Taker taker) {
    Response newcomer = new Response(taker);
    if (transport == HubTransport.LONG_POLLING) {
      poll(newcomer);
    } else {
      stream(newcomer);
    }
    return newcomer;
  }

  private void poll(Response newcomer) {
    if (response != null) {
      detach().end(NOTHING_MORE);
    }
    if (phase == Phase.OVER) {
      newcomer.end(NOTHING_MORE);
      return;
    }
    stopAbsence();
    response = newcomer;
    boolean isFirst = !wasAsked;
    wasAsked = true;
    if (isFirst) {
      // Clients throw away what the first one brings, and wait for it before they say anything.
      detach().end(Home.TAKEN);
      return;
    }
    heard();
    goOn();
    if (response == newcomer) {
      newcomer.waitOn();
    }
  }

  private void stream(Response newcomer) {
    if (phase == Phase.OVER) {
      newcomer.end(Home.UNKNOWN);
    } else if (wasAsked) {
      newcomer.end(ALREADY_ACTIVE);
    } else {
      wasAsked = true;
      response = newcomer;
      newcomer.frame(EventPieces.COMMENT);
      goOn();
    }
  }

  /**
   * The client said something.
   *
   * @param outcome is told the status of the answer: at once, or when the conversation reads on, for which clients wait with more
   */
  void deliver(Payload bytes, IntConsumer outcome) {
    if (phase != Phase.OPEN) {
      outcome.accept(Home.UNKNOWN);
      return;
    }
    conversation.onHeard();
    if (isReading && unread.isEmpty()) {
      conversation.onBytes(bytes.utf8());
      outcome.accept(Home.TAKEN);
    } else if (unreadBytes + bytes.bytes() > MAX_UNREAD_BYTES) {
      outcome.accept(Negotiations.NOT_NOW);
    } else {
      unread.add(new Unread(bytes, outcome));
      unreadBytes += bytes.bytes();
    }
  }

  @Override
  public void setReading(boolean reads) {
    isReading = reads;
    if (reads && !unread.isEmpty()) {
      times.laterInTheTurn().execute(this::readOn);
    }
  }

  private void readOn() {
    while (isReading && phase == Phase.OPEN && !unread.isEmpty()) {
      Unread next = unread.remove();
      unreadBytes -= next.bytes().bytes();
      conversation.onBytes(next.bytes().utf8());
      next.outcome().accept(Home.TAKEN);
    }
  }

  /** What carries it is taken away in a moment; its client is to know that it may come back. */
  void carrierLeaves() {
    if (phase == Phase.OPEN) {
      conversation.onShutdown();
    }
  }

  /** A request of the client showed a credential that counts for longer than all before. */
  void shown(Credential newer) {
    if (phase == Phase.OPEN) {
      conversation.onNewer(newer);
    }
  }

  /** The client ends it. */
  void endedByClient() {
    over();
  }

  // What the conversation says.

  @Override
  public void send(byte[] messages) {
    if (phase != Phase.OPEN) {
      return;
    }
    waiting.add(messages);
    waitingBytes += messages.length;
    handedBytes += messages.length;
    if (response != null && !isFlushDue) {
      isFlushDue = true;
      times.laterInTheTurn().execute(() -> {
        isFlushDue = false;
        putOut();
      });
    }
  }

  @Override
  public int send(SharedPublication publication, HubSpeech speech) {
    byte[] messages = speech.messages(publication);
    if (messages.length > 0) {
      send(messages);
    }
    return messages.length;
  }

  @Override
  public int send(Bundle bundle, HubSpeech speech) {
    int bytes = 0;
    for (SharedPublication publication : bundle.publications()) {
      bytes += send(publication, speech);
    }
    return bytes;
  }

  /** A response says of itself what it brings: a poll bytes of any kind, a stream text. */
  @Override
  public void speaksBytes(boolean isBinary) {}

  @Override
  public long queuedBytes() {
    return waitingBytes + onTheirWayBytes;
  }

  @Override
  public long takenBytes() {
    return handedBytes - queuedBytes();
  }

  @Override
  public void close() {
    if (phase != Phase.OPEN) {
      return;
    }
    phase = Phase.CLOSING;
    goOn();
  }

  @Override
  public void cut() {
    over();
  }

  @Override
  public void letGo() {
    if (transport == HubTransport.LONG_POLLING && response != null) {
      detach().end(Home.TAKEN);
    }
  }

  // To a response.

  private void heard() {
    if (conversation != null && phase == Phase.OPEN) {
      conversation.onHeard();
    }
  }

  /** The response that waits is told what there is to tell, and that nothing more comes if nothing does. */
  private void goOn() {
    putOut();
    boolean isAllSaid = waiting.isEmpty() && unconfirmed == null && onTheirWayBytes == 0;
    if (phase == Phase.CLOSING && isAllSaid) {
      over();
    }
  }

  private void putOut() {
    if (transport == HubTransport.LONG_POLLING) {
      if (response != null && unconfirmed == null && !waiting.isEmpty()) {
        Response poll = detach();
        unconfirmed = poll;
        poll.carry(piece());
        poll.end(Home.TAKEN);
      }
      return;
    }
    while (response != null && !waiting.isEmpty() && response.onTheirWay < CREDIT_BYTES) {
      response.carry(piece());
    }
  }

  /** The next messages, as many as one piece has room for. */
  private List<byte[]> piece() {
    List<byte[]> piece = new ArrayList<>();
    long bytes = 0;
    while (!waiting.isEmpty()
        && (piece.isEmpty() || bytes + waiting.element().length <= PIECE_BYTES)) {
      byte[] next = waiting.remove();
      bytes += next.length;
      piece.add(next);
    }
    waitingBytes -= bytes;
    return piece;
  }

  private Response detach() {
    Response last = response;
    response = null;
    awaitSomebody();
    return last;
  }

  private void awaitSomebody() {
    stopAbsence();
    if (transport == HubTransport.LONG_POLLING && phase != Phase.OVER) {
      absent = times.after(CarriedTimes.ABSENCE, this::over);
    }
  }

  private void stopAbsence() {
    if (absent != null) {
      absent.cancel();
      absent = null;
    }
  }

  private void over() {
    if (phase == Phase.OVER) {
      return;
    }
    phase = Phase.OVER;
    stopAbsence();
    waiting.clear();
    waitingBytes = 0;
    unconfirmed = null;
    unread.forEach(each -> each.outcome().accept(Home.UNKNOWN));
    unread.clear();
    unreadBytes = 0;
    Response last = response;
    response = null;
    if (last != null) {
      last.end(transport == HubTransport.LONG_POLLING ? NOTHING_MORE : Home.TAKEN);
    }
    ended.run();
    if (conversation != null) {
      conversation.onClosed();
    }
  }

  private static byte[] joined(List<byte[]> messages) {
    if (messages.size() == 1) {
      return messages.get(0);
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    messages.forEach(all::writeBytes);
    return all.toByteArray();
  }

  /** One response, and what is on its way to it. */
  private final class Response implements Waiting {
    private final Taker taker;
    private final long sinceMs = times.clockMs().getAsLong();

    /** Bytes of frames that the network has not taken. */
    private long onTheirWay;

    /** Of messages in them, how many bytes, and which; the latter only of a poll. */
    private long messageBytes;

    private List<byte[]> messages = List.of();

    /** When a poll that waits is looked after; null before and when it does not. */
    private Deadline next;

    private boolean isEnded;

    Response(Taker taker) {
      this.taker = taker;
    }

    void frame(byte[] frame) {
      onTheirWay += frame.length;
      taker.frame(frame);
    }

    void carry(List<byte[]> brought) {
      byte[] joined = joined(brought);
      messageBytes += joined.length;
      onTheirWayBytes += joined.length;
      if (transport == HubTransport.LONG_POLLING) {
        messages = brought;
        frame(joined);
      } else {
        frame(EventPieces.event(joined));
      }
    }

    void end(int status) {
      stopWaiting();
      isEnded = true;
      taker.end(status);
    }

    void waitOn() {
      next = times.after(CarriedTimes.POLL_HEARD, this::look);
    }

    private void look() {
      if (response != this) {
        return;
      }
      if (times.clockMs().getAsLong() - sinceMs >= CarriedTimes.POLL.toMillis()) {
        detach().end(Home.TAKEN);
      } else {
        heard();
        waitOn();
      }
    }

    private void stopWaiting() {
      if (next != null) {
        next.cancel();
        next = null;
      }
    }

    @Override
    public void taken(int bytes) {
      onTheirWay -= bytes;
      // What is around the messages is taken with them.
      forget(onTheirWay == 0 ? messageBytes : Math.min(bytes, messageBytes));
      if (onTheirWay == 0 && unconfirmed == this) {
        messages = List.of();
        unconfirmed = null;
      }
      if (phase == Phase.OVER) {
        return;
      }
      if (conversation != null && phase == Phase.OPEN) {
        conversation.onTaken();
      }
      goOn();
      if (phase != Phase.OVER) {
        conversation.onWritten();
      }
    }

    private void forget(long bytes) {
      messageBytes -= bytes;
      onTheirWayBytes -= bytes;
    }

    @Override
    public void gone() {
      stopWaiting();
      forget(messageBytes);
      if (response == this) {
        detach();
        if (transport != HubTransport.LONG_POLLING) {
          over();
        }
      } else if (unconfirmed == this && isEnded) {
        unconfirmed = null;
        sayAgain();
      }
    }

    /** The network lost what the poll was given: whoever asks again gets it. */
    private void sayAgain() {
      for (int i = messages.size() - 1; i >= 0; i--) {
        waiting.addFirst(messages.get(i));
        waitingBytes += messages.get(i).length;
      }
      messages = List.of();
      goOn();
    }
  }
}
