package io.madang.gateway.edge.signalr.replay;

import io.madang.gateway.edge.relay.Home;
import io.madang.gateway.edge.relay.Taker;
import io.madang.gateway.edge.relay.Unread;
import io.madang.gateway.edge.relay.Waiting;
import io.madang.gateway.edge.signalr.session.HubConversation;
import io.madang.gateway.edge.signalr.session.HubLink;
import io.madang.gateway.edge.signalr.session.HubMemory;
import io.madang.gateway.edge.signalr.session.HubSpeech;
import io.madang.gateway.edge.signalr.wire.BadHubMessageException;
import io.madang.gateway.edge.signalr.wire.HubFormat;
import io.madang.gateway.edge.signalr.wire.HubMessage;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.gateway.identity.Credential;
import io.madang.protocol.code.CloseCode;
import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.runtime.topic.Payload;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * One hub connection that may outlive its WebSocket. Owns whether it is over, and what it has said in all; its parts own what is told
 * in numbers ({@link Saying}), what was heard ({@link Hearing}) and which WebSocket carries it ({@link Carriage}). On its own loop; the
 * WebSocket that carries it is on any loop of any gateway and is no more here than who takes frames, and a number.
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
 */
public final class LastingLink implements HubLink {
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

  private final Owner owner;
  private final Carriage carriage;
  private final Saying saying;
  private final Hearing hearing;

  /** What came while the conversation did not read; of clients that do not wait for answers the rest is refused. */
  private final Unread unread;

  /** Set once, right after the connection was opened; null before. */
  private HubConversation conversation;

  private boolean isOver;

  /** All that was ever said. */
  private long handedBytes;

  public LastingLink(ResumeRules rules, LastingTimes times, Owner owner) {
    this(rules, times, owner, new Unconfirmed(rules.maxBytes()), new Heard());
  }

  /** As it was left elsewhere; nobody carries it yet. */
  public LastingLink(ResumeRules rules, LastingTimes times, Owner owner, Kept kept) {
    this(
        rules,
        times,
        owner,
        Unconfirmed.restored(rules.maxBytes(), kept.last(), kept.pieces()),
        Heard.restored(kept.heard()));
    saying.goOnWith(kept.isBinary() ? HubFormat.MESSAGE_PACK : HubFormat.JSON);
    carriage.goOn(kept.isBinary());
  }

  private LastingLink(
      ResumeRules rules, LastingTimes times, Owner owner, Unconfirmed unconfirmed, Heard heard) {
    this.owner = owner;
    this.carriage = new Carriage(rules.window(), times, new Carried());
    this.saying = new Saying(unconfirmed, rules, times, carriage::say, new Said());
    this.hearing = new Hearing(heard, times, saying);
    this.unread =
        new Unread(bytes -> conversation.onBytes(bytes), times.laterInTheTurn(), Home.UNKNOWN);
  }

  /** Whether there is room here for what was kept elsewhere; counted if so. */
  public boolean hasPlace() {
    return saying.hasPlace();
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
    if (isOver || (carriage.isClaimed() && !saying.isNumbered())) {
      return false;
    }
    if (saying.isNumbered()) {
      detach();
    }
    carriage.claim(claiming);
    return true;
  }

  /** The WebSocket waits for what is said. */
  public Waiting receive(long asking, Taker taker) {
    if (isOver || !carriage.isClaimedBy(asking) || carriage.isThere()) {
      taker.end(CarrierEnd.CUT);
      return Waiting.FOR_NOTHING;
    }
    boolean isBack = carriage.hasBegun();
    Waiting mine = carriage.begin(taker);
    owner.isBack();
    if (isBack) {
      saying.sayAgain();
    } else {
      // What it brought may have come before it asked, and may be answered by now.
      saying.sayKept();
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
    if (isOver || !carriage.isClaimedBy(from)) {
      outcome.accept(Home.UNKNOWN);
      return;
    }
    conversation.onHeard();
    if (bytes.bytes() == 0) {
      outcome.accept(Home.TAKEN);
    } else {
      unread.bring(bytes, outcome);
    }
  }

  /**
   * The WebSocket is gone, or is to go.
   *
   * @param how {@link CarrierEnd#LOST}, {@link CarrierEnd#GOODBYE}, or the code of a rule of its transport that the client broke
   */
  public void ended(long which, int how) {
    if (isOver || !carriage.isClaimedBy(which)) {
      return;
    }
    if (how == CarrierEnd.LOST && saying.isNumbered()) {
      detach();
      carriage.awaitSomebody();
      owner.isAway();
    } else if (how == CarrierEnd.LOST || how == CarrierEnd.GOODBYE) {
      over();
    } else {
      conversation.onViolation(CloseCode.of(how).orElse(CloseCode.PROTOCOL_ERROR));
      over();
    }
  }

  private void detach() {
    Optional<Taker> last = carriage.release();
    hearing.onOtherTransport();
    unread.refuseAll();
    last.ifPresent(taker -> taker.end(CarrierEnd.CUT));
    conversation.onOtherTransport();
  }

  /** What becomes of the WebSocket that carries it. */
  private final class Carried implements Carriage.Host {
    @Override
    public void isWritten() {
      conversation.onWritten();
    }

    @Override
    public void isLost(long number) {
      ended(number, CarrierEnd.LOST);
    }

    @Override
    public void nobodyCame() {
      over();
    }
  }

  // What the client says, as the conversation reads it.

  @Override
  public boolean takes(HubMessage message) throws BadHubMessageException {
    if (!saying.isNumbered()) {
      return true;
    }
    saying.counts();
    return hearing.takes(message);
  }

  @Override
  public void setReading(boolean reads) {
    unread.setReading(reads);
  }

  // What the conversation says.

  @Override
  public void numbered(HubFormat spoken) {
    saying.begin(spoken);
  }

  @Override
  public void send(byte[] messages) {
    if (isOver) {
      return;
    }
    if (carriage.isThere()) {
      handedBytes += messages.length;
      carriage.say(messages);
    } else if (!saying.isNumbered()) {
      handedBytes += messages.length;
      carriage.sayFirst(messages);
    }
    // A ping that nobody hears is no loss.
  }

  @Override
  public void send(byte[] messages, int count) {
    if (!saying.isNumbered()) {
      send(messages);
    } else if (!isOver) {
      handedBytes += messages.length;
      saying.say(new Piece(messages, count));
    }
  }

  @Override
  public int send(SharedPublication publication, HubSpeech speech) {
    byte[] messages = speech.messages(publication);
    if (messages.length > 0) {
      send(messages, speech.count(publication));
    }
    return messages.length;
  }

  /** What becomes of what is said in numbers. */
  private final class Said implements Saying.Host {
    @Override
    public void isConfirmed() {
      conversation.onWritten();
    }

    @Override
    public void hasNoPlace() {
      if (!isOver) {
        conversation.onNoPlace(Failure.of(
            ErrorCode.UNAVAILABLE, "This gateway keeps no more for clients that may come back."));
      }
    }
  }

  @Override
  public void speaksBytes(boolean bytes) {
    carriage.speaksBytes(bytes);
  }

  @Override
  public long queuedBytes() {
    return saying.waitingBytes() + carriage.queuedBytes();
  }

  @Override
  public long takenBytes() {
    return handedBytes - queuedBytes();
  }

  @Override
  public boolean isAway() {
    return !carriage.isThere();
  }

  /** Nobody can be heard who is not there; whether he comes in time is looked after here. */
  @Override
  public void probe() {
    if (isAway() && saying.isNumbered() && !isOver) {
      conversation.onHeard();
    }
  }

  @Override
  public boolean mayMove() {
    return !isOver && saying.isNumbered() && owner.mayMove();
  }

  @Override
  public void move(HubMemory memory, Consumer<Boolean> outcome) {
    owner.moves(saying.kept(carriage.isBinary(), hearing.last()), memory, outcome);
  }

  @Override
  public void sayAll() {
    saying.sayAll();
  }

  /** What waits goes before the goodbye; whether it comes nobody will ask. */
  @Override
  public void close() {
    carriage.release().ifPresent(taker -> taker.end(Home.TAKEN));
    over();
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
    Optional<Taker> last = carriage.end();
    saying.end();
    hearing.end();
    unread.refuseAll();
    last.ifPresent(taker -> taker.end(CarrierEnd.CUT));
    owner.isOver();
    if (conversation != null) {
      conversation.onClosed();
    }
  }
}
