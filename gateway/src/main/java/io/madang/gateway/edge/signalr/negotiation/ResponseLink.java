package io.madang.gateway.edge.signalr.negotiation;

import io.madang.gateway.edge.relay.Home;
import io.madang.gateway.edge.relay.Taker;
import io.madang.gateway.edge.relay.Unread;
import io.madang.gateway.edge.relay.Waiting;
import io.madang.gateway.edge.signalr.session.HubConversation;
import io.madang.gateway.edge.signalr.session.HubLink;
import io.madang.gateway.edge.signalr.session.HubSpeech;
import io.madang.gateway.edge.signalr.session.HubTransport;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.limit.DeadlineWheel.Deadline;
import io.madang.runtime.topic.Payload;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * One hub connection that is carried by HTTP responses: by polls, one after the other, or by one that streams events. Owns how far it
 * is, what waits ({@link Unsaid}) and which response waits for it ({@link Response}). On its own loop.
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
  /** No more than this is on its way to a stream; what comes meanwhile waits here, where it is bounded. */
  private static final int CREDIT_BYTES = 128 * 1024;

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

  private final Response.Host responses = new Responses();

  /** Set once, right after the connection was opened; null before. */
  private HubConversation conversation;

  private Phase phase = Phase.OPEN;

  /** What is said when a response has room for it. */
  private final Unsaid waiting = new Unsaid();

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

  /** What came while the conversation did not read; of clients that do not wait for answers the rest is refused. */
  private final Unread unread;

  ResponseLink(HubTransport transport, CarriedTimes times, Runnable ended) {
    this.transport = transport;
    this.times = times;
    this.ended = ended;
    this.unread = new Unread(
        bytes -> conversation.onBytes(bytes), times.laterInTheTurn(), Negotiations.NOT_NOW);
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

  private boolean isStream() {
    return transport != HubTransport.LONG_POLLING;
  }

  // What requests bring.

  Waiting receive(Taker taker) {
    Response newcomer = new Response(isStream(), times, taker, responses);
    if (isStream()) {
      stream(newcomer);
    } else {
      poll(newcomer);
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
    clientIsThere();
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
    unread.bring(bytes, outcome);
  }

  /** Of one that closes nothing more is read. */
  @Override
  public void setReading(boolean reads) {
    unread.setReading(reads && phase == Phase.OPEN);
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

  /** A response says of itself what it brings: a poll bytes of any kind, a stream text. */
  @Override
  public void speaksBytes(boolean isBinary) {}

  @Override
  public long queuedBytes() {
    return waiting.bytes() + onTheirWayBytes;
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
    unread.setReading(false);
    goOn();
  }

  @Override
  public void cut() {
    over();
  }

  @Override
  public void letGo() {
    if (!isStream() && response != null) {
      detach().end(Home.TAKEN);
    }
  }

  // To a response.

  private void clientIsThere() {
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
    if (isStream()) {
      while (response != null && !waiting.isEmpty() && response.onTheirWay() < CREDIT_BYTES) {
        carry(response);
      }
    } else if (response != null && unconfirmed == null && !waiting.isEmpty()) {
      Response poll = detach();
      unconfirmed = poll;
      carry(poll);
      poll.end(Home.TAKEN);
    }
  }

  private void carry(Response carrier) {
    long before = waiting.bytes();
    List<byte[]> piece = waiting.take();
    onTheirWayBytes += before - waiting.bytes();
    carrier.carry(piece);
  }

  private Response detach() {
    Response last = response;
    response = null;
    awaitSomebody();
    return last;
  }

  private void awaitSomebody() {
    stopAbsence();
    if (!isStream() && phase != Phase.OVER) {
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
    unconfirmed = null;
    unread.refuseAll();
    Response last = response;
    response = null;
    if (last != null) {
      last.end(isStream() ? Home.TAKEN : NOTHING_MORE);
    }
    ended.run();
    if (conversation != null) {
      conversation.onClosed();
    }
  }

  // What responses tell.

  /** What becomes of each of its responses. */
  private final class Responses implements Response.Host {
    @Override
    public void isWaiting() {
      clientIsThere();
    }

    @Override
    public void hasWaited() {
      detach().end(Home.TAKEN);
    }

    @Override
    public void onTaken(Response its, long bytes) {
      onTheirWayBytes -= bytes;
      if (unconfirmed == its && its.onTheirWay() == 0) {
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

    @Override
    public void onGone(Response its, long bytes) {
      onTheirWayBytes -= bytes;
      if (response == its) {
        detach();
        if (isStream()) {
          over();
        }
      } else if (unconfirmed == its && its.isEnded()) {
        // The network lost what the poll was given: whoever asks again gets it.
        unconfirmed = null;
        waiting.putBack(its.messages());
        goOn();
      }
    }
  }
}
