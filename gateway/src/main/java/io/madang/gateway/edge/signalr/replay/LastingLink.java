package io.madang.gateway.edge.signalr.replay;

import io.madang.gateway.edge.relay.Home;
import io.madang.gateway.edge.relay.Taker;
import io.madang.gateway.edge.relay.Waiting;
import io.madang.gateway.edge.signalr.session.HubConversation;
import io.madang.gateway.edge.signalr.session.HubLink;
import io.madang.gateway.edge.signalr.session.HubMemory;
import io.madang.gateway.edge.signalr.session.HubSpeech;
import io.madang.gateway.edge.signalr.wire.BadHubMessageException;
import io.madang.gateway.edge.signalr.wire.HubFormat;
import io.madang.gateway.edge.signalr.wire.HubMessage;
import io.madang.gateway.fanout.Bundle;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.limit.DeadlineWheel.Deadline;
import io.madang.protocol.code.CloseCode;
import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.runtime.topic.Payload;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * One hub connection that may outlive its WebSocket. It lives on its own loop; the WebSocket that carries it is on any loop of any
 * gateway and is no more here than who takes frames, and a number.
 *
 * <pre>
 *            a WebSocket claims it, and then waits for what is said
 *   AWAY --------------------------------------------------------------> CARRIED
 *    |  ^                                                                 |  |  ^
 *    |  +------------- the WebSocket is lost (only once numbered) --------+  +--+ another one claims it: the old one is cut
 *    |                                                                    |
 *    +-- nobody comes in time --> OVER <-- goodbye of either side, cut ---+
 * </pre>
 *
 * <p>Once it is numbered, what has a number is kept until the client confirms it. A connection that keeps as much as it may says
 * nothing more that has a number: that waits here, is told as queued, and so makes the connection lag like any that does not read.
 * Whoever comes back is told first which number is next, then all that is kept, then what is new; and of what comes from there
 * nothing counts before the same was heard. Where all connections together keep too much, the one that would keep more is closed, and its
 * client begins anew: nothing is lost without a word.
 *
 * <p>An empty frame says that bytes follow instead of text.
 */
public final class LastingLink implements HubLink {
  /** So often what came is confirmed, if anything did. */
  private static final Duration CONFIRMED = Duration.ofSeconds(1);

  /**
   * Clients begin to count a moment after they have read the answer to their handshake, and send a ping then. One that does not is told
   * what there is after so long.
   */
  static final Duration UNCOUNTED = Duration.ofSeconds(2);

  /** So much may wait for a conversation that does not read; of clients that do not wait for answers the rest is refused. */
  static final int MAX_UNREAD_BYTES = 1024 * 1024;

  private static final byte[] BYTES_FOLLOW = {};

  /** What is told to who keeps the connection. */
  public interface Owner {
    /** No WebSocket carries it any more, for now. */
    void isAway();

    /** One does again. */
    void isBack();

    /** It is over. Told once. */
    void isOver();

    /** Whether another gateway may go on with it. */
    boolean mayMove();

    /** Another gateway is to go on with it. */
    void moves(Kept kept, HubMemory memory, Consumer<Boolean> outcome);
  }

  /** How it waits. */
  public record Times(BiFunction<Duration, Runnable, Deadline> after, Executor laterInTheTurn) {}

  private final ResumeRules rules;
  private final Times times;
  private final Owner owner;

  /** Set once, right after the connection was opened; null before. */
  private HubConversation conversation;

  private boolean isOver;

  /** The WebSocket that may carry it; empty number 0 while none does. */
  private long socket;

  /** Takes what is said to the WebSocket; null until it asks. */
  private Carrier carrier;

  /** Whether any WebSocket ever asked for what is said. */
  private boolean hasBegun;

  /** When it is over unless somebody comes; null while somebody is there. */
  private Deadline absent;

  private boolean isBinary;

  /** How messages are written, once they are numbered; null before. */
  private HubFormat format;

  /** Whether the client is known to count what it is told. */
  private boolean isCounted;

  /** When that is taken for granted; null before anything is numbered, and once it is known. */
  private Deadline counting;

  private final Unconfirmed unconfirmed;
  private final Heard heard;

  /** What has a number and may not be said before the client confirms something; in order. */
  private final Deque<Piece> waiting = new ArrayDeque<>(0);

  private long waitingBytes;

  /** What was said before anything is numbered and no WebSocket asked yet. */
  private final Deque<byte[]> early = new ArrayDeque<>(0);

  private long earlyBytes;

  /** Bytes on their way to the WebSocket. */
  private long onTheirWayBytes;

  /** All that was ever said. */
  private long handedBytes;

  /** When what came is confirmed; null while nothing has. */
  private Deadline confirming;

  /** Whether there was no room for it at this gateway, which its conversation is being told. */
  private boolean isWithoutPlace;

  /** Whether the conversation takes what the client says. */
  private boolean isReading = true;

  /** What came while it did not, in order. */
  private final Deque<Unread> unread = new ArrayDeque<>(0);

  private long unreadBytes;

  private record Unread(Payload bytes, IntConsumer outcome) {}

  public LastingLink(ResumeRules rules, Times times, Owner owner) {
    this.rules = rules;
    this.times = times;
    this.owner = owner;
    this.unconfirmed = new Unconfirmed(rules.maxBytes());
    this.heard = new Heard();
  }

  /** As it was left elsewhere; nobody carries it yet. */
  public LastingLink(ResumeRules rules, Times times, Owner owner, Kept kept) {
    this.rules = rules;
    this.times = times;
    this.owner = owner;
    this.unconfirmed = Unconfirmed.restored(rules.maxBytes(), kept.last(), kept.pieces());
    this.heard = Heard.restored(kept.heard());
    this.format = kept.isBinary() ? HubFormat.MESSAGE_PACK : HubFormat.JSON;
    this.isBinary = kept.isBinary();
    this.hasBegun = true;
    this.isCounted = true;
    awaitSomebody();
  }

  /** Whether there is room here for what was kept elsewhere; counted if so. */
  public boolean hasPlace() {
    return rules.budget().take(unconfirmed.bytes());
  }

  public void speaks(HubConversation its) {
    conversation = its;
    if (isOver) {
      // It refused itself before it was known.
      its.onClosed();
    }
  }

  /** A WebSocket of the client showed a credential that counts for longer than all before. */
  public void shown(Credential newer) {
    if (!isOver) {
      conversation.onNewer(newer);
    }
  }

  public boolean isOver() {
    return isOver;
  }

  // What WebSockets bring.

  /** A WebSocket is to carry it from now on; false when it may not. The one that did is cut. */
  public boolean claim(long claiming) {
    if (isOver || (socket != 0 && format == null)) {
      return false;
    }
    if (format != null) {
      detach(CarrierEnd.CUT);
    }
    socket = claiming;
    awaitSomebody();
    return true;
  }

  /** The WebSocket waits for what is said. */
  public Waiting receive(long asking, Taker taker) {
    if (isOver || asking != socket || carrier != null) {
      taker.end(CarrierEnd.CUT);
      return Waiting.FOR_NOTHING;
    }
    carrier = new Carrier(taker, asking);
    stopAbsence();
    owner.isBack();
    Carrier mine = carrier;
    if (isBinary) {
      out(BYTES_FOLLOW);
    }
    boolean isBack = hasBegun;
    if (isBack) {
      out(format.write(new HubMessage.Sequence(unconfirmed.first())));
    } else {
      // What it brought may have come before it asked, and may be answered by now.
      hasBegun = true;
      early.forEach(this::out);
      early.clear();
      earlyBytes = 0;
    }
    unconfirmed.each(this::out);
    if (isBack) {
      counts();
    }
    conversation.onHeard();
    conversation.onWritten();
    return mine;
  }

  /**
   * The client said something, or showed only that it is there where there are no bytes.
   *
   * @param outcome is told the status of the answer: at once, or when the conversation reads on
   */
  public void deliver(long from, Payload bytes, IntConsumer outcome) {
    if (isOver || from != socket) {
      outcome.accept(Home.UNKNOWN);
      return;
    }
    conversation.onHeard();
    if (bytes.bytes() == 0) {
      outcome.accept(Home.TAKEN);
    } else if (isReading && unread.isEmpty()) {
      conversation.onBytes(bytes.utf8());
      outcome.accept(Home.TAKEN);
    } else if (unreadBytes + bytes.bytes() > MAX_UNREAD_BYTES) {
      outcome.accept(Home.UNKNOWN);
    } else {
      unread.add(new Unread(bytes, outcome));
      unreadBytes += bytes.bytes();
    }
  }

  /**
   * The WebSocket is gone, or is to go.
   *
   * @param how {@link CarrierEnd#LOST}, {@link CarrierEnd#GOODBYE}, or the code of a rule of its transport that the client broke
   */
  public void ended(long which, int how) {
    if (isOver || which != socket) {
      return;
    }
    if (how == CarrierEnd.LOST && format != null) {
      detach(CarrierEnd.CUT);
      awaitSomebody();
      owner.isAway();
    } else if (how == CarrierEnd.LOST || how == CarrierEnd.GOODBYE) {
      over();
    } else {
      conversation.onViolation(CloseCode.of(how).orElse(CloseCode.PROTOCOL_ERROR));
      over();
    }
  }

  private void detach(int status) {
    Carrier last = carrier;
    carrier = null;
    socket = 0;
    onTheirWayBytes = 0;
    heard.onOtherTransport();
    refuseUnread();
    if (last != null) {
      last.taker.end(status);
    }
    conversation.onOtherTransport();
  }

  private void refuseUnread() {
    unread.forEach(each -> each.outcome().accept(Home.UNKNOWN));
    unread.clear();
    unreadBytes = 0;
  }

  private void awaitSomebody() {
    stopAbsence();
    absent = times.after().apply(rules.window(), this::over);
  }

  private void stopAbsence() {
    if (absent != null) {
      absent.cancel();
      absent = null;
    }
  }

  // What the client says, as the conversation reads it.

  @Override
  public boolean takes(HubMessage message) throws BadHubMessageException {
    if (format == null) {
      return true;
    }
    if (!isCounted) {
      counts();
    }
    if (message instanceof HubMessage.Sequence sequence) {
      heard.sequence(sequence.sequence());
      return false;
    }
    if (heard.awaitsSequence()) {
      return false;
    }
    if (message instanceof HubMessage.Ack ack) {
      confirmed(ack.sequence());
      return false;
    }
    if (!message.isNumbered()) {
      return true;
    }
    confirmSoon();
    return heard.isNew();
  }

  private void confirmSoon() {
    if (confirming == null) {
      confirming = times.after().apply(CONFIRMED, this::confirm);
    }
  }

  private void confirm() {
    confirming = null;
    if (!isOver && carrier != null) {
      out(format.write(new HubMessage.Ack(heard.last())));
    }
  }

  private void confirmed(long number) {
    rules.budget().giveBack(unconfirmed.confirmed(number));
    goOn();
    conversation.onWritten();
  }

  @Override
  public void setReading(boolean reads) {
    isReading = reads;
    if (reads && !unread.isEmpty()) {
      times.laterInTheTurn().execute(this::readOn);
    }
  }

  private void readOn() {
    while (isReading && !isOver && !unread.isEmpty()) {
      Unread next = unread.remove();
      unreadBytes -= next.bytes().bytes();
      conversation.onBytes(next.bytes().utf8());
      next.outcome().accept(Home.TAKEN);
    }
  }

  // What the conversation says.

  @Override
  public void numbered(HubFormat spoken) {
    format = spoken;
    counting = times.after().apply(UNCOUNTED, this::counts);
  }

  private void counts() {
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

  @Override
  public void send(byte[] messages) {
    if (isOver) {
      return;
    }
    if (carrier != null) {
      handedBytes += messages.length;
      out(messages);
    } else if (format == null) {
      handedBytes += messages.length;
      earlyBytes += messages.length;
      early.add(messages);
    }
    // A ping that nobody hears is no loss.
  }

  @Override
  public void send(byte[] messages, int count) {
    if (format == null) {
      send(messages);
      return;
    }
    if (isOver) {
      return;
    }
    handedBytes += messages.length;
    waiting.add(new Piece(messages, count));
    waitingBytes += messages.length;
    goOn();
  }

  @Override
  public int send(SharedPublication publication, HubSpeech speech) {
    byte[] messages = speech.messages(publication);
    if (messages.length > 0) {
      send(messages, speech.count(publication));
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

  /** Says what waits, as far as there is room to keep it. */
  private void goOn() {
    while (isCounted && !waiting.isEmpty() && !unconfirmed.isFull() && !isWithoutPlace) {
      Piece next = waiting.element();
      if (!rules.budget().take(next.messages().length)) {
        isWithoutPlace = true;
        times.laterInTheTurn().execute(this::tellOfNoPlace);
        return;
      }
      waiting.remove();
      waitingBytes -= next.messages().length;
      unconfirmed.add(next);
      if (carrier != null) {
        out(next.messages());
      }
    }
  }

  private void tellOfNoPlace() {
    if (!isOver) {
      conversation.onNoPlace(Failure.of(
          ErrorCode.UNAVAILABLE, "This gateway keeps no more for clients that may come back."));
    }
  }

  private void out(byte[] frame) {
    onTheirWayBytes += frame.length;
    carrier.taker.frame(frame);
  }

  @Override
  public void speaksBytes(boolean bytes) {
    isBinary = bytes;
    if (bytes && carrier != null) {
      out(BYTES_FOLLOW);
    }
  }

  @Override
  public long queuedBytes() {
    return waitingBytes + earlyBytes + onTheirWayBytes;
  }

  @Override
  public long takenBytes() {
    return handedBytes - queuedBytes();
  }

  @Override
  public boolean isAway() {
    return carrier == null;
  }

  /** Nobody can be heard who is not there; whether he comes in time is looked after here. */
  @Override
  public void probe() {
    if (carrier == null && format != null && !isOver) {
      conversation.onHeard();
    }
  }

  @Override
  public boolean mayMove() {
    return !isOver && format != null && owner.mayMove();
  }

  @Override
  public void move(HubMemory memory, Consumer<Boolean> outcome) {
    List<Piece> all = new ArrayList<>(unconfirmed.pieces());
    all.addAll(waiting);
    long last = unconfirmed.last() + waiting.stream().mapToLong(Piece::count).sum();
    owner.moves(new Kept(isBinary, last, all, heard.last()), memory, outcome);
  }

  /** What waits goes before the goodbye; whether it comes nobody will ask. */
  @Override
  public void close() {
    if (isOver) {
      return;
    }
    Carrier last = carrier;
    carrier = null;
    if (last != null) {
      last.taker.end(Home.TAKEN);
    }
    over();
  }

  @Override
  public void sayAll() {
    if (carrier != null) {
      waiting.forEach(piece -> out(piece.messages()));
    }
    waiting.clear();
    waitingBytes = 0;
  }

  @Override
  public void cut() {
    over();
  }

  private void over() {
    if (isOver) {
      return;
    }
    isOver = true;
    stopAbsence();
    stopCounting();
    if (confirming != null) {
      confirming.cancel();
    }
    rules.budget().giveBack(unconfirmed.forget());
    waiting.clear();
    waitingBytes = 0;
    early.clear();
    earlyBytes = 0;
    onTheirWayBytes = 0;
    refuseUnread();
    Carrier last = carrier;
    carrier = null;
    if (last != null) {
      last.taker.end(CarrierEnd.CUT);
    }
    owner.isOver();
    if (conversation != null) {
      conversation.onClosed();
    }
  }

  /** One WebSocket, as far as it is told something. */
  private final class Carrier implements Waiting {
    private final Taker taker;
    private final long number;

    Carrier(Taker taker, long number) {
      this.taker = taker;
      this.number = number;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // Of two WebSockets only the one that carries it counts.
    public void taken(int bytes) {
      if (carrier == this) {
        onTheirWayBytes -= bytes;
        conversation.onWritten();
      }
    }

    @Override
    public void gone() {
      ended(number, CarrierEnd.LOST);
    }
  }
}
