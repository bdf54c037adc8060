package io.madang.benchmarks.hearing;

/** What one client hears of one topic. */
public final class Subscription {
  private final TopicLog log;
  private final SequenceCheck check;

  /** Index in the log of the publication that should come next. */
  private long next;

  /** Offset it has to reach after a resume. */
  private long aim;

  public Subscription(TopicLog log, long position) {
    this.log = log;
    this.check = new SequenceCheck(position);
    this.next = log.indexAfter(position);
  }

  public TopicLog log() {
    return log;
  }

  public SequenceCheck check() {
    return check;
  }

  /** The publication that comes next if all is well; null when nobody heard it yet. */
  public Heard expected() {
    return log.at(next);
  }

  /** It came. */
  public void onExpected(Heard heard) {
    check.heard(heard.offset(), heard.prev());
    next++;
  }

  /**
   * Another one came.
   *
   * @return whether it is new here; what was heard before is no delivery
   */
  public boolean onOther(long offset, long prev) {
    boolean fresh = check.heard(offset, prev);
    next = log.indexAfter(check.last());
    return fresh;
  }

  /** Where the others stand now is where it has to get. */
  public void aimAtTheNewest() {
    aim = log.newest();
  }

  public boolean hasReachedItsAim() {
    return check.last() >= aim;
  }
}
