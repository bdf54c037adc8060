package io.madang.benchmarks.generator;

import io.madang.benchmarks.hearing.FrameWalker;
import io.madang.benchmarks.hearing.Scan;
import java.util.Iterator;

/** Sends requests and waits for their answers, so many without answer at a time. */
final class Asking implements Errand {
  private static final int MOST_AT_ONCE = 400;

  /** One request of one client. */
  record Ask(Client client, String text) {}

  private final Iterator<Ask> asks;
  private final boolean answered;
  private final Runnable done;
  private int waiting;

  /** @param answered whether the server answers them */
  Asking(Iterator<Ask> asks, boolean answered, Runnable done) {
    this.asks = asks;
    this.answered = answered;
    this.done = done;
  }

  @Override
  public boolean isDoneAfterTurn(long now) {
    while (waiting < MOST_AT_ONCE && asks.hasNext()) {
      Ask next = asks.next();
      if (!next.text().isEmpty()) {
        next.client().say(Scan.ascii(next.text()));
        waiting += answered ? 1 : 0;
      }
    }
    if (waiting > 0) {
      return false;
    }
    done.run();
    return true;
  }

  @Override
  public void onAnswer(Client client, boolean good) {
    waiting--;
  }

  @Override
  public void onEnd(Client client, String why) {
    throw new FrameWalker.BadServerException(
        "a connection ended in the middle of questions: " + why);
  }
}
