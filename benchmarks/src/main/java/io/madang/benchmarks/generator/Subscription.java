package io.madang.benchmarks.generator;

/** What one client hears of one topic. */
final class Subscription {
  private final TopicLog log;
  private final SequenceCheck check;

  /** Index in the log of the publication that should come next. */
  private long next;

  /** Offset it has to reach after a resume. */
  private long aim;

  Subscription(TopicLog log, long position) {
    this.log = log;
    this.check = new SequenceCheck(position);
    this.next = log.indexAfter(position);
  }

  TopicLog log() {
    return log;
  }

  SequenceCheck check() {
    return check;
  }

  /** The publication that comes next if all is well; null when nobody heard it yet. */
  Heard expected() {
    return log.at(next);
  }

  /** It came. */
  void onExpected(Heard heard) {
    check.heard(heard.offset(), heard.prev());
    next++;
  }

  /**
   * Another one came.
   *
   * @return whether it is new here; what was heard before is no delivery
   */
  boolean onOther(long offset, long prev) {
    boolean fresh = check.heard(offset, prev);
    next = log.indexAfter(check.last());
    return fresh;
  }

  /** Where the others stand now is where it has to get. */
  void aimAtTheNewest() {
    aim = log.newest();
  }

  boolean hasReachedItsAim() {
    return check.last() >= aim;
  }
}
