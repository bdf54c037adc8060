package io.madang.benchmarks.generator;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** What all clients of this process heard, how late it was, and everything that was not as promised. */
final class Ledger {
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

  TopicLog log(byte[] bytes, int from, int to) {
    return topics.find(bytes, from, to);
  }

  TopicLog log(String topic) {
    byte[] name = topic.getBytes(StandardCharsets.UTF_8);
    return topics.find(name, 0, name.length);
  }

  List<TopicLog> logs() {
    return topics.all();
  }

  // Phases.

  /** Messages that are due from now on belong to it. */
  void begin(String phase, long now) {
    phases.add(new Phase(phase, now));
  }

  List<Phase> phases() {
    return phases;
  }

  /** Null before the first. */
  Phase phaseOf(long dueNanos) {
    for (int i = phases.size() - 1; i >= 0; i--) {
      if (phases.get(i).holds(dueNanos)) {
        return phases.get(i);
      }
    }
    return null;
  }

  // What is heard.

  /** Reads a publication that no other client heard yet, or that is kept no more. */
  Heard firstHeard(TopicLog log, long offset, long prev, Client.Piece piece) {
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
  void comesAt(long nanos) {
    now = nanos;
  }

  void onDelivery(Group group, Heard heard) {
    if (heard.phase() != null) {
      heard.phase().of(group.index()).add(now - heard.dueNanos());
      deliveries++;
    }
  }

  /** Of all messages that belong to a phase. */
  long deliveries() {
    return deliveries;
  }

  // What is answered.

  void onAccepted(long number, long dueNanos) {
    accepted.set((int) number);
    Phase phase = phaseOf(dueNanos);
    if (phase != null) {
      phase.accepted();
      phase.answers().add(now - dueNanos);
    }
  }

  /** Accepted messages that nobody heard. */
  long unheard() {
    BitSet missing = (BitSet) accepted.clone();
    missing.andNot(seen);
    return missing.cardinality();
  }

  // What goes wrong.

  void onDifferent() {
    differing++;
  }

  void onGap() {
    gaps++;
  }

  void onRefused(String what) {
    refusals++;
    complain(what);
  }

  void onUnwantedEnd(String why) {
    ends++;
    complain(why);
  }

  private void complain(String what) {
    if (complaints.size() < WORDS_KEPT) {
      complaints.add(what.substring(0, Math.min(what.length(), LONGEST_WORD)));
    }
  }

  long repeated() {
    return repeated;
  }

  long differing() {
    return differing;
  }

  long gaps() {
    return gaps;
  }

  long refusals() {
    return refusals;
  }

  long ends() {
    return ends;
  }

  List<String> complaints() {
    return complaints;
  }
}
