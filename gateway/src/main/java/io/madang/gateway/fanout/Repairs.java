package io.madang.gateway.fanout;

import io.madang.runtime.service.ServiceUnavailableException;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicAnswer.Granted;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what this node missed of the topics it wants, and fetches it. A hole blocks its own topic only. One writer, the hub's
 * loop.
 *
 * <p>What is known to be missing, as something behind it came or was left out, the node is asked for that sent this: mostly it
 * published what is missing a moment ago and has it in memory. It is asked once and for a short time. Whatever it does not have
 * is read from the owner's history.
 *
 * <p>What may be missing without a sign of it, only the owner can tell: a topic's last position is compared with its owner's when
 * something hints at a loss, and each topic's once a minute. So is the position of a topic in doubt, or in another life.
 *
 * <p>A comparison that fails is repeated as long as the topic is wanted; a gap is told only when the owner says that it has the
 * range no more, or that the topic has another life.
 */
final class Repairs {
  private static final Logger LOG = LoggerFactory.getLogger(Repairs.class);

  /** How often a part of all topics is compared with their owners even when nothing hints at a loss: each once a minute. */
  private static final int TICK_MS = 60_000 / WantedTopics.PARTS;

  /** After a node left, its topics are compared within this time. */
  private static final int EVIDENCE_SPREAD_MS = 1_000;

  /** How long something that another message announced may be under way before anybody is asked. */
  private static final int UNDER_WAY_MS = 50;

  /** How long the node that sent what is behind a hole may take to answer. */
  static final int SENDER_WITHIN_MS = 500;

  /** Topics of which something was left out that are mended at the same time; more wait. */
  static final int LEFT_OUT_AT_ONCE = 32;

  /**
   * Something is missing.
   *
   * @param node that sent what is behind it, or left it out
   * @param upTo what is missing is not behind here
   */
  private record Missing(Feed feed, String node, StreamPosition upTo) {
    /** Of two that are known of one topic, the one that asks for more; a life that is not heard here yet is more. */
    Missing or(Missing later) {
      boolean isMore = upTo.epoch().equals(later.upTo.epoch())
          ? upTo.offset() >= later.upTo.offset()
          : isOfAnotherLife();
      return feed == later.feed && isMore ? this : later;
    }

    boolean isOfAnotherLife() {
      return !feed.order.last().map(StreamPosition::epoch).equals(Optional.of(upTo.epoch()));
    }
  }

  private final HubMesh mesh;
  private final HubTime time;
  private final RandomGenerator dice;
  private final WantedTopics topics;
  private final Loops loops;
  private final HubMeters meters;

  /** What was left out and waits for its turn. */
  private final Map<Topic, Missing> leftOut = new HashMap<>();

  /** Topics of these that may have their turn, the oldest first; the others come when what is under way for them is over. */
  private final Set<Topic> ready = new LinkedHashSet<>();

  /** Topics of which something was left out whose turn it is. */
  private final Set<Feed> turn = new HashSet<>();

  /** Topics that have a hole or are in doubt, and some that were at the last sweep. */
  private final Set<Feed> holed = new HashSet<>();

  /** Comparisons that failed since the last sweep: all topics of an owner fail together. */
  private int failures;

  /** What the last of them was about, and why it failed. */
  private String lastFailure = "";

  /** The part of the topics that was compared last. */
  private int sweptPart;

  /** An answer that was asked for before the last standstill says nothing about the time since. */
  private int standstills;

  Repairs(
      HubMesh mesh,
      HubTime time,
      RandomGenerator dice,
      WantedTopics topics,
      Loops loops,
      HubMeters meters) {
    this.mesh = mesh;
    this.time = time;
    this.dice = dice;
    this.topics = topics;
    this.loops = loops;
    this.meters = meters;
  }

  /** Begins the rolling sweep. */
  void start() {
    time.after(TICK_MS, () -> {
      start();
      sweep();
    });
  }

  // What hints at a loss.

  private void sweep() {
    tellOfHoles();
    tellOfFailures();
    lookAgain();
    sweptPart = (sweptPart + 1) % WantedTopics.PARTS;
    compareTogether(topics.part(sweptPart));
  }

  /** What was left out and got no turn may have become unwanted, or ready without anything that was under way. */
  private void lookAgain() {
    ready.addAll(leftOut.keySet());
    takeTurns();
  }

  /** Mostly nothing is missing, and then one answer says so of many topics. */
  private void compareTogether(List<Feed> feeds) {
    Map<Topic, StreamPosition> known = new HashMap<>();
    for (Feed feed : feeds) {
      if (!feed.isCompared) {
        feed.order.last().ifPresent(last -> known.put(feed.topic(), last));
      }
    }
    known.forEach((topic, last) -> meters.compared());
    mesh.moved(
        known,
        moved -> moved.forEach(topic -> topics
            .find(topic)
            // What came meanwhile would have shown a hole.
            .filter(feed -> feed.order.last().equals(Optional.of(known.get(topic))))
            .ifPresent(this::compareIfHeard)));
  }

  private void tellOfHoles() {
    holed.removeIf(feed -> !topics.has(feed) || !(feed.order.hasHole() || feed.order.isDoubtful()));
    int waiting = 0;
    long lag = 0;
    for (Feed feed : holed) {
      waiting += feed.order.hasHole() ? 1 : 0;
      lag = Math.max(lag, feed.order.knownLag());
    }
    meters.holesNow(waiting, lag);
  }

  private void tellOfFailures() {
    if (failures > 0) {
      LOG.warn("{} topics could not be compared with their owners; {}", failures, lastFailure);
      failures = 0;
    }
  }

  /** Something before {@code sign}, which came from {@code node}, is missing, or it belongs to another life of the topic. */
  void onHole(Feed feed, String node, Publication sign) {
    holed.add(feed);
    if (!isUnderWay(feed)) {
      feed.isMended = true;
      Missing missing = new Missing(feed, node, sign.position().orElseThrow());
      // Mostly the missing one comes from another node in the next moment.
      time.after(UNDER_WAY_MS, () -> {
        feed.isMended = false;
        if (feed.order.hasHole() || feed.order.isDoubtful() || missing.isOfAnotherLife()) {
          mend(missing);
        }
        onEnded(feed);
      });
    }
  }

  /** Publications of these topics up to there were not sent by {@code node}. */
  void onLeftOut(String node, Map<Topic, StreamPosition> newest) {
    newest.forEach((topic, position) -> topics
        .find(topic)
        .map(feed -> new Missing(feed, node, position))
        .filter(missing -> isElsewhere(missing.feed, missing.upTo))
        .ifPresent(missing -> {
          leftOut.merge(topic, missing, Missing::or);
          ready.add(topic);
        }));
    takeTurns();
  }

  /** Looks at each topic that may have its turn once, as there may be ten thousand. */
  private void takeTurns() {
    List<Missing> next = new ArrayList<>();
    Iterator<Topic> oldestFirst = ready.iterator();
    while (turn.size() < LEFT_OUT_AT_ONCE && oldestFirst.hasNext()) {
      Missing missing = leftOut.get(oldestFirst.next());
      oldestFirst.remove();
      Feed feed = missing.feed;
      if (!topics.has(feed) || !isElsewhere(feed, missing.upTo)) {
        leftOut.remove(feed.topic());
      } else if (!isUnderWay(feed) && !feed.order.isDoubtful()) {
        // Else its turn comes later: what the owner was asked may be older than what was left out.
        leftOut.remove(feed.topic());
        turn.add(feed);
        next.add(missing);
      }
    }
    next.forEach(this::mend);
  }

  private static boolean isUnderWay(Feed feed) {
    return feed.isMended || feed.isCompared;
  }

  /** Something that was under way for a topic is over, and may make room for what was left out of it or of others. */
  private void onEnded(Feed feed) {
    if (isUnderWay(feed)) {
      return;
    }
    boolean hadTurn = turn.remove(feed);
    boolean isLeftOut = leftOut.containsKey(feed.topic());
    if (isLeftOut) {
      ready.add(feed.topic());
    }
    if (hadTurn || isLeftOut) {
      takeTurns();
    }
  }

  private static boolean isElsewhere(Feed feed, StreamPosition position) {
    return feed.order
        .last()
        .map(last -> !last.epoch().equals(position.epoch()) || last.offset() < position.offset())
        .orElse(false);
  }

  /** The owner stands at {@code position}: what lies before it is on its way to this node, unless it was lost. */
  void onAhead(Feed feed, StreamPosition position) {
    if (isElsewhere(feed, position)) {
      time.after(UNDER_WAY_MS, () -> {
        if (isElsewhere(feed, position)) {
          compareIfHeard(feed);
        }
      });
    }
  }

  /** Nodes of the service may have published what never came here. */
  void onEvidence(String service) {
    topics.all().stream()
        .filter(feed -> feed.service.equals(service) && feed.order.last().isPresent())
        .forEach(this::compareSoon);
  }

  /** This process stood still: nothing is delivered before it was compared. */
  void onStoodStill() {
    standstills++;
    List<Feed> all = topics.all();
    all.forEach(feed -> feed.order.doubt());
    // What comes while they are in doubt waits like behind a hole.
    List<Feed> doubtful = all.stream().filter(feed -> feed.order.isDoubtful()).toList();
    holed.addAll(doubtful);
    doubtful.forEach(this::compareSoon);
  }

  /** How often this process stood still. */
  int standstills() {
    return standstills;
  }

  // Asking the sender.

  /** Fetches what is missing: from the sender unless only the owner can tell. */
  private void mend(Missing missing) {
    Feed feed = missing.feed;
    if (feed.isCompared || feed.order.isDoubtful() || missing.isOfAnotherLife()) {
      compareIfHeard(feed);
    } else if (topics.has(feed)) {
      feed.isMended = true;
      askSender(missing).onComplete(told -> onTold(missing, told));
    }
  }

  /** What the sender has of it; failed when there is no answer in time, and one that comes later is nothing any more. */
  private Future<List<Publication>> askSender(Missing missing) {
    StreamPosition last = missing.feed.order.last().orElseThrow();
    Promise<List<Publication>> first = Promise.promise();
    HubTime.Timer late = time.after(
        SENDER_WITHIN_MS,
        () -> first.tryFail(new ServiceUnavailableException("the sender does not answer")));
    mesh.recent(missing.node, missing.feed.topic(), last, SENDER_WITHIN_MS)
        .onSuccess(told -> first.tryComplete(told))
        .onFailure(cause -> first.tryFail(cause));
    return first.future().onComplete(answered -> late.cancel());
  }

  private void onTold(Missing missing, AsyncResult<List<Publication>> told) {
    Feed feed = missing.feed;
    feed.isMended = false;
    if (topics.has(feed)) {
      boolean isFilled = told.succeeded() && fills(missing, told.result());
      if (isFilled) {
        meters.filledFromSender();
      } else if (feed.order.isDoubtful() || isStillMissing(missing)) {
        compareIfHeard(feed);
      }
    }
    onEnded(feed);
  }

  /** Takes what was told as if it came just now: what fits is delivered, what came meanwhile is dropped. */
  private boolean fills(Missing missing, List<Publication> told) {
    Feed feed = missing.feed;
    if (feed.order.isDoubtful()) {
      return false;
    }
    List<Publication> out = new ArrayList<>();
    told.forEach(publication -> feed.order.accept(publication, out));
    loops.deliver(feed, out);
    return !out.isEmpty() && !isStillMissing(missing);
  }

  private static boolean isStillMissing(Missing missing) {
    return missing.feed.order.hasHole() || isElsewhere(missing.feed, missing.upTo);
  }

  // Comparing.

  private void compareSoon(Feed feed) {
    time.after(1 + dice.nextInt(EVIDENCE_SPREAD_MS), () -> compareIfHeard(feed));
  }

  /** Compares a topic if it is still wanted and its position known. */
  void compareIfHeard(Feed feed) {
    if (topics.has(feed) && feed.order.last().isPresent()) {
      compare(feed);
    }
  }

  private void compare(Feed feed) {
    if (feed.isCompared || waitsForGuard(feed)) {
      return;
    }
    feed.isCompared = true;
    Comparison comparison =
        new Comparison(feed, feed.order.last().orElseThrow(), feed.order.beginnings(), standstills);
    meters.compared();
    mesh.read(new TopicRead.CatchUp(feed.topic(), comparison.since, TopicRead.MAX_PUBLICATIONS))
        .onComplete(answer -> onAnswer(comparison, answer));
  }

  /** A topic whose guard may have cut somebody off is compared after its guard. */
  private boolean waitsForGuard(Feed feed) {
    return feed.order.isDoubtful()
        && feed.guard
            .flatMap(topics::find)
            .filter(guard -> guard.order.isDoubtful())
            .isPresent();
  }

  /** One question to the owner, and how things were when it was asked. */
  private record Comparison(Feed feed, StreamPosition since, int beginnings, int standstills) {}

  private void onAnswer(Comparison asked, AsyncResult<TopicAnswer> answer) {
    Feed feed = asked.feed;
    feed.isCompared = false;
    if (topics.has(feed)) {
      take(asked, answer);
    }
    onEnded(feed);
  }

  private void take(Comparison asked, AsyncResult<TopicAnswer> answer) {
    Feed feed = asked.feed;
    if (answer.succeeded() && answer.result() instanceof Granted granted) {
      feed.patience.succeeded();
      if (isOvertaken(asked, granted)) {
        compare(feed);
      } else {
        onCompared(feed, granted);
      }
    } else {
      String cause = answer.failed() ? answer.cause().toString() : "the owner denies it";
      failures++;
      lastFailure = feed.topic().prefix() + ": " + cause;
      time.after(feed.patience.failed(dice), () -> compareIfHeard(feed));
    }
  }

  /** Whether the answer is about a time, a life or a range that is over for this node. */
  private boolean isOvertaken(Comparison asked, Granted granted) {
    boolean hasMoved = !asked.feed.order.last().equals(Optional.of(asked.since));
    return asked.standstills != standstills
        || asked.beginnings != asked.feed.order.beginnings()
        || (!granted.recovered() && hasMoved);
  }

  private void onCompared(Feed feed, Granted granted) {
    boolean wasDoubtful = feed.order.isDoubtful();
    List<Publication> out = new ArrayList<>();
    if (granted.recovered()) {
      if (!granted.publications().isEmpty()) {
        meters.filledFromHistory();
      }
      feed.order.recovered(CatchUps.end(granted), granted.publications(), out);
    } else {
      jump(feed, granted.position(), out);
    }
    loops.deliver(feed, out);
    if (wasDoubtful) {
      compareGuarded(feed);
    }
    if (granted.recovered() && (granted.more() || feed.order.hasHole())) {
      compare(feed);
    }
  }

  /** What waited for this guard's comparison is compared now. */
  private void compareGuarded(Feed guard) {
    for (Topic topic : guard.guarded) {
      topics.find(topic).filter(feed -> feed.order.isDoubtful()).ifPresent(this::compare);
    }
  }

  /** The owner says that delivery can go on only at {@code position}. */
  void jump(Feed feed, StreamPosition position, List<Publication> out) {
    StreamPosition from = feed.order.last().orElseThrow();
    feed.order.jump(position, out);
    loops.gap(feed, from, position);
  }
}
