package io.madang.benchmarks.hearing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** What all clients of this process heard, how late it was, and everything that was not as promised. */
public final class Ledger {
  private static final int WORDS_KEPT = 5;
  private static final int LONGEST_WORD = 300;

  private final TopicTable topics = new TopicTable();
  private final List<Phase> phases = new ArrayList<>();

  /** Numbers of the load's messages that were heard. */
  private final BitSet seen = new BitSet();

  /** Numbers of those whose sender got a good answer. */
  private final BitSet accepted = new BitSet();

  /** The first few complaints, in the words of who made them. */
  private final List<String> complaints = new ArrayList<>();

  /** When what is being read came; {@link System#nanoTime}. */
  private long now;

  private long deliveries;

  /** Messages heard under two offsets. */
  private long repeated;

  /** Publications whose bytes differ between clients. */
  private long differing;

  private long gaps;
  private long refusals;

  /** Connections that ended and should not have. */
  private long ends;

  public TopicLog log(byte[] bytes, int from, int to) {
    return topics.find(bytes, from, to);
  }

  public TopicLog log(String topic) {
    byte[] name = topic.getBytes(StandardCharsets.UTF_8);
    return topics.find(name, 0, name.length);
  }

  public List<TopicLog> logs() {
    return topics.all();
  }

  // Phases.

  /** Messages that are due from now on belong to it. */
  public void begin(String phase, long now) {
    phases.add(new Phase(phase, now));
  }

  public List<Phase> phases() {
    return phases;
  }

  /** Null before the first. */
  public Phase phaseOf(long dueNanos) {
    for (int i = phases.size() - 1; i >= 0; i--) {
      if (phases.get(i).holds(dueNanos)) {
        return phases.get(i);
      }
    }
    return null;
  }

  // What is heard.

  /** Reads a publication that no other client heard yet, or that is kept no more. */
  public Heard firstHeard(TopicLog log, long offset, long prev, Piece piece) {
    byte[] bytes = piece.bytes();
    int mark = Mark.find(bytes, piece.from(), piece.to());
    if (mark < 0) {
      Heard other = new Heard(piece.frame(), offset, prev, -1, 0, null);
      log.keep(other, -1);
      return other;
    }
    long due = Mark.dueNanos(bytes, mark);
    long number = Mark.number(bytes, mark);
    Heard heard = new Heard(piece.frame(), offset, prev, number, due, phaseOf(due));
    boolean kept = log.keep(heard, Mark.sender(bytes, mark));
    if (kept && seen.get((int) heard.number())) {
      repeated++;
    }
    seen.set((int) heard.number());
    return heard;
  }

  /** What is told from now on came at this time. */
  public void comesAt(long nanos) {
    now = nanos;
  }

  /** @param group index of the group of the client that heard it */
  public void onDelivery(int group, Heard heard) {
    if (heard.phase() != null) {
      heard.phase().of(group).add(now - heard.dueNanos());
      deliveries++;
    }
  }

  /** Of all messages that belong to a phase. */
  public long deliveries() {
    return deliveries;
  }

  // What is answered.

  public void onAccepted(long number, long dueNanos) {
    accepted.set((int) number);
    Phase phase = phaseOf(dueNanos);
    if (phase != null) {
      phase.accepted();
      phase.answers().add(now - dueNanos);
    }
  }

  /** Accepted messages that nobody heard. */
  public long unheard() {
    BitSet missing = (BitSet) accepted.clone();
    missing.andNot(seen);
    return missing.cardinality();
  }

  /** Numbers of messages whose sender got a good answer; not to be changed. */
  public BitSet accepted() {
    return accepted;
  }

  /** Numbers of messages heard; not to be changed. */
  public BitSet seen() {
    return seen;
  }

  // What goes wrong.

  public void onDifferent() {
    differing++;
  }

  public void onGap() {
    gaps++;
  }

  public void onRefused(String what) {
    refusals++;
    complain(what);
  }

  public void onUnwantedEnd(String why) {
    ends++;
    complain(why);
  }

  private void complain(String what) {
    if (complaints.size() < WORDS_KEPT) {
      complaints.add(what.substring(0, Math.min(what.length(), LONGEST_WORD)));
    }
  }

  public long repeated() {
    return repeated;
  }

  public long differing() {
    return differing;
  }

  public long gaps() {
    return gaps;
  }

  public long refusals() {
    return refusals;
  }

  public long ends() {
    return ends;
  }

  public List<String> complaints() {
    return complaints;
  }
}
