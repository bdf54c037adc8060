package io.madang.benchmarks.hearing;

import java.util.Arrays;

/** A named part of a run. A message belongs to the phase in which it was due, whenever it is heard. */
public final class Phase {
  private final String name;
  private final long fromNanos;

  /** By the groups' indices; null for a group that heard nothing of it. */
  private Tally[] byGroup = {};

  /** From when a message was due until its sender had the answer. */
  private final Tally answers = new Tally();

  /** Messages that were due in it and were sent. */
  private long sent;

  /** Of those, the ones whose sender got a good answer; all of them where a server answers nothing. */
  private long accepted;

  public Phase(String name, long fromNanos) {
    this.name = name;
    this.fromNanos = fromNanos;
  }

  public String name() {
    return name;
  }

  public boolean holds(long dueNanos) {
    return dueNanos - fromNanos >= 0;
  }

  public Tally of(int group) {
    if (group >= byGroup.length) {
      byGroup = Arrays.copyOf(byGroup, group + 1);
    }
    if (byGroup[group] == null) {
      byGroup[group] = new Tally();
    }
    return byGroup[group];
  }

  public Tally answers() {
    return answers;
  }

  public void sent() {
    sent++;
  }

  public void accepted() {
    accepted++;
  }

  public long sentMessages() {
    return sent;
  }

  public long acceptedMessages() {
    return accepted;
  }
}
