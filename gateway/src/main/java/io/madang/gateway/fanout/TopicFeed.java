package io.madang.gateway.fanout;

import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One topic as this node hears it: puts what comes into order, drops what came before, and tells when something is missing.
 * A plain object with one writer, the mesh loop; whoever drives it does the asking and the delivering.
 *
 * <p>A publication is deliverable when its {@code previous} is not above the last delivered offset. One that comes too early
 * waits; the waiting room is bounded, and when it overflows it is emptied, as the owner's history has everything.
 */
final class TopicFeed {
  /** Publications that may wait for an earlier one; above it all of them are read from the owner instead. */
  static final int MAX_WAITING = 1_000;

  /** What to do after {@link #accept}. */
  enum Verdict {
    /** It went into {@code out}, or it waits for the first read, or it had been delivered before. */
    FINE,
    /** Something before it is missing, or the topic has another life: the owner must be asked. */
    ASK_OWNER
  }

  private final Topic topic;

  /** Position up to which everything was delivered; empty before the owner was asked for the first time. */
  private Optional<StreamPosition> last = Optional.empty();

  /** What came too early, by offset, all of the epoch of {@link #last}. */
  private final TreeMap<Long, Publication> waiting = new TreeMap<>();

  /** What was delivered while reads for new subscribers are under way, so that their answers can be completed. */
  private final List<Publication> held = new ArrayList<>();

  private int readsUnderWay;

  /** Whether {@link #last} is to be compared with the owner's before anything is delivered: till then all waits. */
  private boolean doubtful;

  TopicFeed(Topic topic) {
    this.topic = topic;
  }

  Topic topic() {
    return topic;
  }

  Optional<StreamPosition> last() {
    return last;
  }

  /** Takes what the bus brought; appends to {@code out} what may be delivered now, in order. */
  Verdict accept(Publication publication, List<Publication> out) {
    if (publication.position().isEmpty()) {
      if (last.isPresent() && !doubtful) {
        out.add(publication);
      }
      return Verdict.FINE;
    }
    StreamPosition position = publication.position().get();
    if (last.isEmpty()) {
      wait(position, publication);
      return Verdict.FINE;
    }
    if (!position.epoch().equals(last.get().epoch())) {
      return Verdict.ASK_OWNER;
    }
    if (position.offset() <= last.get().offset()) {
      return Verdict.FINE;
    }
    if (doubtful) {
      wait(position, publication);
      return Verdict.FINE;
    }
    if (publication.previous() > last.get().offset()) {
      wait(position, publication);
      return Verdict.ASK_OWNER;
    }
    deliver(publication, out);
    releaseWaiting(out);
    return Verdict.FINE;
  }

  private void wait(StreamPosition position, Publication publication) {
    if (waiting.size() >= MAX_WAITING) {
      waiting.clear();
    }
    waiting.put(position.offset(), publication);
  }

  private void deliver(Publication publication, List<Publication> out) {
    last = publication.position();
    out.add(publication);
    if (readsUnderWay > 0) {
      held.add(publication);
    }
  }

  private void releaseWaiting(List<Publication> out) {
    StreamPosition at = last.orElseThrow();
    while (!waiting.isEmpty()) {
      Map.Entry<Long, Publication> first = waiting.firstEntry();
      Publication publication = first.getValue();
      boolean sameLife = publication.position().orElseThrow().epoch().equals(at.epoch());
      if (sameLife && first.getKey() > at.offset() && publication.previous() > at.offset()) {
        return;
      }
      waiting.pollFirstEntry();
      if (sameLife && first.getKey() > at.offset()) {
        deliver(publication, out);
        at = last.orElseThrow();
      }
    }
  }

  /** The first read of the topic's owner came back: delivery starts behind it. */
  void begin(StreamPosition position, List<Publication> out) {
    if (last.isEmpty()) {
      last = Optional.of(position);
      releaseWaiting(out);
    }
  }

  /** This node may have missed what happened: nothing is delivered before {@link #recovered} or {@link #jump}. */
  void doubt() {
    doubtful = last.isPresent();
  }

  boolean isDoubtful() {
    return doubtful;
  }

  /**
   * The owner told what came after {@link #last}.
   *
   * @param position up to which {@code publications} tell everything, in the epoch of {@link #last}
   */
  void recovered(StreamPosition position, List<Publication> publications, List<Publication> out) {
    doubtful = false;
    for (Publication publication : publications) {
      if (publication.offset() > last.orElseThrow().offset()) {
        deliver(publication, out);
      }
    }
    if (position.offset() > last.orElseThrow().offset()) {
      last = Optional.of(position);
    }
    releaseWaiting(out);
  }

  /** What lies between {@link #last} and {@code position} is gone, or the topic has another life: delivery goes on there. */
  void jump(StreamPosition position, List<Publication> out) {
    doubtful = false;
    last = Optional.of(position);
    held.clear();
    waiting
        .values()
        .removeIf(waits -> !waits.position().orElseThrow().epoch().equals(position.epoch()));
    releaseWaiting(out);
  }

  /** Whether something waits for an earlier publication. */
  boolean hasHole() {
    return last.isPresent() && !waiting.isEmpty();
  }

  /** A read for a new subscriber begins: what is delivered from now on is held for its answer. */
  void readBegun() {
    readsUnderWay++;
  }

  /** The read is over. */
  void readEnded() {
    readsUnderWay--;
    if (readsUnderWay == 0) {
      held.clear();
    }
  }

  /** What was delivered above {@code position} while reads were under way, oldest first. */
  List<Publication> heldAbove(StreamPosition position) {
    return held.stream()
        .filter(
            publication -> publication.position().orElseThrow().epoch().equals(position.epoch()))
        .filter(publication -> publication.offset() > position.offset())
        .toList();
  }
}
