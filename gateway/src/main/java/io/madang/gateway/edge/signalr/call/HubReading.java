package io.madang.gateway.edge.signalr.call;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Whether anything is read from one client. It waits while its calls come faster than they are done, as it has no other way to learn
 * that. But what it answers to a question must be heard all the same: a call may wait for that, and reading for the call. So while
 * the client is asked something it is read on, and what may not begin yet waits here, in order and bounded. On the connection's loop.
 */
final class HubReading {
  /** Messages that wait here; beyond, nothing is read even while the client is asked something, which then ends in time. */
  static final int MAX_ASIDE = 1_024;

  /** Bytes of such messages. */
  static final int MAX_ASIDE_BYTES = 1 << 20;

  private final HubVoice voice;

  /** For how many reasons nothing may begin. */
  private int pauses;

  private boolean isAsking;

  /** What is said to the client's transport. */
  private boolean isReading = true;

  /** What came while nothing might begin, in order. */
  private final Deque<Aside> aside = new ArrayDeque<>(0);

  private int asideBytes;

  /** Whether what waits is being taken, which may pause and go on. */
  private boolean isTaking;

  private record Aside(Runnable message, int bytes) {}

  HubReading(HubVoice voice) {
    this.voice = voice;
  }

  void pause() {
    pauses++;
    decide();
  }

  void goOn() {
    pauses--;
    takeAside();
    decide();
  }

  /** Whether the client is asked something. */
  void setAsking(boolean asking) {
    isAsking = asking;
    decide();
  }

  /** Takes a message now, or behind those that wait. */
  void take(Runnable message, int bytes) {
    if (pauses == 0 && aside.isEmpty()) {
      message.run();
    } else {
      aside.add(new Aside(message, bytes));
      asideBytes += bytes;
      decide();
    }
  }

  private void takeAside() {
    if (isTaking) {
      return;
    }
    isTaking = true;
    try {
      while (pauses == 0 && !aside.isEmpty()) {
        Aside next = aside.remove();
        asideBytes -= next.bytes();
        next.message().run();
      }
    } finally {
      isTaking = false;
    }
  }

  private void decide() {
    boolean mayHoldMore = aside.size() < MAX_ASIDE && asideBytes < MAX_ASIDE_BYTES;
    boolean reads = (aside.isEmpty() && pauses == 0) || (isAsking && mayHoldMore);
    if (reads != isReading) {
      isReading = reads;
      voice.setReading(reads);
    }
  }
}
