package io.madang.gateway.edge.signalr.negotiation;

import io.madang.gateway.edge.relay.Taker;
import io.madang.gateway.edge.relay.Waiting;
import io.madang.gateway.limit.DeadlineWheel.Deadline;
import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * One response that waits for a hub connection. Owns what is on its way to it, and how long it waits. On the connection's loop,
 * whichever its request came on.
 */
final class Response implements Waiting {
  /** The connection that it waits for. */
  interface Host {
    /** A poll waits, so its client is there. */
    void isWaiting();

    /** A poll has waited as long as it may. */
    void hasWaited();

    /** The network took so many bytes of messages that were on their way to the response, or of what is around them. */
    void onTaken(Response response, long bytes);

    /** The response takes nothing any more; so many bytes of messages were on their way to it. */
    void onGone(Response response, long bytes);
  }

  private final boolean isStream;
  private final CarriedTimes times;
  private final Taker taker;
  private final Host host;
  private final long sinceMs;

  /** Bytes of frames that the network has not taken. */
  private long onTheirWay;

  /** Of messages in them, how many bytes, and which; the latter only of a poll. */
  private long messageBytes;

  private List<byte[]> messages = List.of();

  /** When a poll that waits is looked after; null before and when it does not. */
  private Deadline next;

  private boolean isEnded;

  /** @param isStream whether it brings events, and is no poll */
  Response(boolean isStream, CarriedTimes times, Taker taker, Host host) {
    this.isStream = isStream;
    this.times = times;
    this.taker = taker;
    this.host = host;
    this.sinceMs = times.clockMs().getAsLong();
  }

  // What it is told.

  /** Brings bytes that are no message. */
  void frame(byte[] frame) {
    onTheirWay += frame.length;
    taker.frame(frame);
  }

  /** Brings messages in one piece; to a poll, which ends with them, just once. */
  void carry(List<byte[]> brought) {
    byte[] joined = joined(brought);
    messageBytes += joined.length;
    if (isStream) {
      frame(EventPieces.event(joined));
    } else {
      messages = brought;
      frame(joined);
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

  void end(int status) {
    stopWaiting();
    isEnded = true;
    taker.end(status);
  }

  boolean isEnded() {
    return isEnded;
  }

  /** Bytes of frames that the network has not taken. */
  long onTheirWay() {
    return onTheirWay;
  }

  /** What a poll was given, until the network has it. */
  List<byte[]> messages() {
    return messages;
  }

  // How long a poll waits.

  /** Nothing is there for it yet. */
  void waitOn() {
    next = times.after(CarriedTimes.POLL_HEARD, this::look);
  }

  private void look() {
    if (times.clockMs().getAsLong() - sinceMs >= CarriedTimes.POLL.toMillis()) {
      host.hasWaited();
    } else {
      host.isWaiting();
      if (!isEnded) {
        waitOn();
      }
    }
  }

  private void stopWaiting() {
    if (next != null) {
      next.cancel();
      next = null;
    }
  }

  // What it tells.

  @Override
  public void taken(int bytes) {
    onTheirWay -= bytes;
    // What is around the messages is taken with them.
    long ofMessages = onTheirWay == 0 ? messageBytes : Math.min(bytes, messageBytes);
    messageBytes -= ofMessages;
    if (onTheirWay == 0) {
      messages = List.of();
    }
    host.onTaken(this, ofMessages);
  }

  @Override
  public void gone() {
    stopWaiting();
    long lost = messageBytes;
    messageBytes = 0;
    host.onGone(this, lost);
  }
}
