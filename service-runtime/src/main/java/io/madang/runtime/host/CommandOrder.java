package io.madang.runtime.host;

import io.madang.runtime.bus.Place;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which command of each queue may be begun next, as a plain object: no clock, no bus. One writer: the service's loop.
 *
 * <p>A queue is forgotten when nothing of it came for {@link #KEEP_MS}, which is longer than anything of it can be on its way
 * and still be begun.
 */
public final class CommandOrder {
  /** Above the time of an attempt, behind which a command is too late to be begun. */
  static final long KEEP_MS = 5_000;

  /** What to do with a command. */
  public enum Verdict {
    /** It is the next one. */
    BEGIN,
    /** It was begun before; its answer is on its way or was sent. */
    BEGUN_BEFORE,
    /** One before it did not come. */
    AHEAD,
    /** What it belongs to was given up and sent again. */
    GIVEN_UP
  }

  private record Queue(String from, long number) {}

  /** The newest chain of a queue. */
  private static final class Chain {
    long number;

    /** Index of the command that may be begun next. */
    int next;

    long touchedMs;
  }

  /** By the time they were last touched, the longest untouched first. */
  private final Map<Queue, Chain> chains = new LinkedHashMap<>(256, 0.75f, true);

  /** Decides on a command that came; with {@link Verdict#BEGIN} it counts as begun. */
  public Verdict take(String from, Place place, long nowMs) {
    Queue queue = new Queue(from, place.queue());
    Chain chain = chains.get(queue);
    if (chain == null || place.chain() > chain.number) {
      if (place.index() > 0) {
        return Verdict.AHEAD;
      }
      Chain begun = chain == null ? new Chain() : chain;
      begun.number = place.chain();
      begun.next = 1;
      begun.touchedMs = nowMs;
      chains.put(queue, begun);
      return Verdict.BEGIN;
    }
    chain.touchedMs = nowMs;
    if (place.chain() < chain.number) {
      return Verdict.GIVEN_UP;
    }
    if (place.index() > chain.next) {
      return Verdict.AHEAD;
    }
    if (place.index() < chain.next) {
      return Verdict.BEGUN_BEFORE;
    }
    chain.next++;
    return Verdict.BEGIN;
  }

  /** Index of the command of that chain that may be begun next. */
  public int next(String from, Place place) {
    Chain chain = chains.get(new Queue(from, place.queue()));
    return chain == null || chain.number != place.chain() ? 0 : chain.next;
  }

  /** Forgets what can matter no more. */
  public void sweep(long nowMs) {
    Iterator<Chain> oldestFirst = chains.values().iterator();
    while (oldestFirst.hasNext() && nowMs - oldestFirst.next().touchedMs > KEEP_MS) {
      oldestFirst.remove();
    }
  }

  /** How many queues are remembered. */
  int size() {
    return chains.size();
  }
}
