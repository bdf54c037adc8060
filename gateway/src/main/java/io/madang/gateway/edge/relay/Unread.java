package io.madang.gateway.edge.relay;

import io.madang.runtime.topic.Payload;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * What requests bring a conversation that does not always read. Owns what came while it did not, in order, and hands it on when it
 * does. On the conversation's loop.
 *
 * <p>Who brings something is told its status when it was read: so it waits with more. Of those that do not wait, what is too much is
 * refused.
 */
public final class Unread {
  /** So much may wait for a conversation that does not read. */
  public static final int MAX_BYTES = 1024 * 1024;

  private final Consumer<byte[]> reader;
  private final Executor laterInTheTurn;
  private final int tooMuch;

  /** Whether the conversation takes what is brought. */
  private boolean isReading = true;

  /** What came while it did not, or before that was read; in order. */
  private final Deque<Brought> kept = new ArrayDeque<>(0);

  private long keptBytes;

  private record Brought(Payload bytes, IntConsumer outcome) {}

  /**
   * @param reader takes each, and may end the reading by that
   * @param laterInTheTurn runs a task behind those that wait already, on the loop
   * @param tooMuch the status of what is more than may wait
   */
  public Unread(Consumer<byte[]> reader, Executor laterInTheTurn, int tooMuch) {
    this.reader = reader;
    this.laterInTheTurn = laterInTheTurn;
    this.tooMuch = tooMuch;
  }

  /**
   * Something came.
   *
   * @param outcome is told its status: at once, or when it was read or refused
   */
  public void bring(Payload bytes, IntConsumer outcome) {
    if (isReading && kept.isEmpty()) {
      reader.accept(bytes.utf8());
      outcome.accept(Home.TAKEN);
    } else if (keptBytes + bytes.bytes() > MAX_BYTES) {
      outcome.accept(tooMuch);
    } else {
      kept.add(new Brought(bytes, outcome));
      keptBytes += bytes.bytes();
    }
  }

  /** Whether the conversation reads from now on; what waits it reads later in the turn. */
  public void setReading(boolean reads) {
    isReading = reads;
    if (reads && !kept.isEmpty()) {
      laterInTheTurn.execute(this::readOn);
    }
  }

  private void readOn() {
    while (isReading && !kept.isEmpty()) {
      Brought next = kept.remove();
      keptBytes -= next.bytes().bytes();
      reader.accept(next.bytes().utf8());
      next.outcome().accept(Home.TAKEN);
    }
  }

  /** Nobody reads any more what waits: who brought it is told so. */
  public void refuseAll() {
    kept.forEach(each -> each.outcome().accept(Home.UNKNOWN));
    kept.clear();
    keptBytes = 0;
  }
}
