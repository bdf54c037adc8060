package io.madang.gateway.edge.signalr.replay;

import io.madang.gateway.edge.relay.Taker;
import io.madang.gateway.edge.relay.Waiting;
import io.madang.gateway.limit.DeadlineWheel.Deadline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Which WebSocket carries a connection now: a number that claimed it, and who takes frames once it asks. Owns also what is on its way
 * there, what was said before the first one asked, and how long nobody may come. On the connection's loop.
 *
 * <p>An empty frame says that bytes follow instead of text.
 */
final class Carriage {
  private static final byte[] BYTES_FOLLOW = {};

  /** Who is told what becomes of the WebSocket. */
  interface Host {
    /** The network took something of what was on its way. */
    void isWritten();

    /** The WebSocket is lost. */
    void isLost(long number);

    /** Nobody came in time. */
    void nobodyCame();
  }

  private final Duration window;
  private final LastingTimes times;
  private final Host host;

  /** The WebSocket that may carry it; 0 while none does. */
  private long socket;

  /** Takes what is said to the WebSocket; null until it asks. */
  private Carrier carrier;

  /** Whether any WebSocket ever asked for what is said. */
  private boolean hasBegun;

  /** When it is over unless somebody comes; null while somebody is there. */
  private Deadline absent;

  private boolean isBinary;

  /** What was said before anything is numbered and no WebSocket asked yet. */
  private final Deque<byte[]> early = new ArrayDeque<>(0);

  private long earlyBytes;

  /** Bytes on their way to the WebSocket. */
  private long onTheirWayBytes;

  /** @param window how long nobody may carry it */
  Carriage(Duration window, LastingTimes times, Host host) {
    this.window = window;
    this.times = times;
    this.host = host;
  }

  // Who carries it.

  /** The connection was carried elsewhere, and waits for its next WebSocket here. */
  void goOn(boolean bytes) {
    isBinary = bytes;
    hasBegun = true;
    awaitSomebody();
  }

  boolean isClaimed() {
    return socket != 0;
  }

  boolean isClaimedBy(long number) {
    return socket == number;
  }

  /** Whether a WebSocket takes what is said. */
  boolean isThere() {
    return carrier != null;
  }

  /** Whether any WebSocket ever did. */
  boolean hasBegun() {
    return hasBegun;
  }

  /** The WebSocket of this number is to carry it, as soon as it asks. */
  void claim(long number) {
    socket = number;
    awaitSomebody();
  }

  /** The WebSocket that claimed it asks for what is said, and is told what was said before the first one did. */
  Waiting begin(Taker taker) {
    Carrier mine = new Carrier(taker, socket);
    carrier = mine;
    hasBegun = true;
    stopAbsence();
    if (isBinary) {
      say(BYTES_FOLLOW);
    }
    early.forEach(this::say);
    forgetEarly();
    return mine;
  }

  /** Nobody carries it any more. Answers who is to be told that it does not, if anybody took what was said. */
  Optional<Taker> release() {
    Optional<Taker> last = Optional.ofNullable(carrier).map(Carrier::taker);
    carrier = null;
    socket = 0;
    onTheirWayBytes = 0;
    return last;
  }

  /** Somebody is to come before the window is over. */
  void awaitSomebody() {
    stopAbsence();
    absent = times.after().apply(window, host::nobodyCame);
  }

  private void stopAbsence() {
    if (absent != null) {
      absent.cancel();
      absent = null;
    }
  }

  /** The connection is over; answers as {@link #release}. */
  Optional<Taker> end() {
    stopAbsence();
    forgetEarly();
    return release();
  }

  // What it is told.

  /** Says something to who carries it, if anybody does. */
  void say(byte[] frame) {
    if (carrier != null) {
      onTheirWayBytes += frame.length;
      carrier.taker().frame(frame);
    }
  }

  /** Says something to the first who will carry it. */
  void sayFirst(byte[] frame) {
    early.add(frame);
    earlyBytes += frame.length;
  }

  private void forgetEarly() {
    early.clear();
    earlyBytes = 0;
  }

  /** Whether bytes follow, and not text. */
  void speaksBytes(boolean bytes) {
    isBinary = bytes;
    if (bytes) {
      say(BYTES_FOLLOW);
    }
  }

  boolean isBinary() {
    return isBinary;
  }

  /** Bytes that wait for the first WebSocket, or are on their way to this one. */
  long queuedBytes() {
    return earlyBytes + onTheirWayBytes;
  }

  /** One WebSocket, as far as it is told something. */
  private final class Carrier implements Waiting {
    private final Taker taker;
    private final long number;

    Carrier(Taker taker, long number) {
      this.taker = taker;
      this.number = number;
    }

    Taker taker() {
      return taker;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // Of two WebSockets only the one that carries it counts.
    public void taken(int bytes) {
      if (carrier == this) {
        onTheirWayBytes -= bytes;
        host.isWritten();
      }
    }

    @Override
    public void gone() {
      host.isLost(number);
    }
  }
}
