package io.madang.benchmarks.hearing;

import java.util.HashMap;
import java.util.Map;

/**
 * A topic as all clients of this process together heard it: the newest publications, and whether each sender's messages came in
 * the order they were sent.
 */
public final class TopicLog {
  private static final int FEW = 16;
  private static final int KEPT = 4_096;

  private final String name;

  /** The newest publications by ascending offset; the one at index i lies at i modulo its length. */
  private Heard[] ring = new Heard[FEW];

  /** Index of the next publication; that of the first one ever is 0. */
  private long end;

  /** Name of the topic's life, as positions carry it; empty before anything told it. */
  private String epoch = "";

  /** Offset of the newest publication, or of the position a subscription began at if that is later; -1 before both. */
  private long newest = -1;

  /** The newest message's number, by sender. */
  private final Map<Integer, Long> bySender = new HashMap<>();

  /** Messages that came after a later one of the same sender. */
  private long outOfOrder;

  public TopicLog(String name) {
    this.name = name;
  }

  public String name() {
    return name;
  }

  public String epoch() {
    return epoch;
  }

  public long newest() {
    return newest;
  }

  /** A subscription begins or goes on here. */
  public void stands(String inEpoch, long offset) {
    epoch = inEpoch;
    newest = Math.max(newest, offset);
  }

  /** Null when it was not heard yet or is kept no more. */
  public Heard at(long index) {
    return index < end && index >= oldest() ? ring[(int) (index % ring.length)] : null;
  }

  private long oldest() {
    return Math.max(0, end - ring.length);
  }

  /** Index of the first kept publication above this offset; that of the next one if there is none. */
  public long indexAfter(long offset) {
    long low = oldest();
    long high = end;
    while (low < high) {
      long middle = (low + high) / 2;
      if (at(middle).offset() > offset) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** The kept publication with this offset; null when there is none. */
  public Heard find(long offset) {
    Heard found = at(indexAfter(offset - 1));
    return found != null && found.offset() == offset ? found : null;
  }

  /**
   * Keeps a publication that no client heard before.
   *
   * @return false when a later one is here already; then it is not kept
   */
  public boolean keep(Heard heard, int sender) {
    if (end > 0 && at(end - 1).offset() >= heard.offset()) {
      return false;
    }
    if (end == ring.length && ring.length < KEPT) {
      Heard[] longer = new Heard[ring.length * 4];
      System.arraycopy(ring, 0, longer, 0, ring.length);
      ring = longer;
    }
    ring[(int) (end % ring.length)] = heard;
    end++;
    newest = Math.max(newest, heard.offset());
    if (heard.isOfTheLoad()) {
      Long before = bySender.put(sender, heard.number());
      if (before != null && before > heard.number()) {
        outOfOrder++;
      }
    }
    return true;
  }

  public long outOfOrder() {
    return outOfOrder;
  }
}
