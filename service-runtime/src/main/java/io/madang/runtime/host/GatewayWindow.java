package io.madang.runtime.host;

import io.madang.runtime.bus.BusMessage.Batch;
import io.madang.runtime.inspect.NodeReport.Window;
import io.madang.runtime.topic.EventClass;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is on its way from one hosted service to one gateway, as a plain object: no bus, no clock. Each method that lets something
 * leave returns it, to be sent in that order. One writer: the loop of the service.
 *
 * <p>Batches are numbered from 1. The gateway acknowledges each, in any order; one that it does not is sent again, always with
 * the same number and the same publications, so that the gateway knows it. After {@value #MAX_SENT} times it is given up, as it
 * may be one that the gateway cannot read: where its topics stand is left out as below.
 *
 * <p>Batches in flight are bounded by count and bytes. At a bound, or while the gateway is silent, the window is
 * <em>blocked</em>: of a topic only {@link LeftOut} is remembered, which leaves in batches of its own when half of what is in
 * flight was acknowledged; what is published before all of that has left, is left out too, so that nothing overtakes. Ephemeral
 * publications are dropped from the half on.
 */
final class GatewayWindow {
  /** A batch with so many publications leaves before the turn ends, so that one message stays of bounded size. */
  static final int MAX_PUBLICATIONS = 256;

  /** So does a batch of about so many bytes. */
  static final int MAX_BYTES = 262_144;

  /** Topics of which one batch tells where they stand. */
  static final int MAX_TOPICS = 1_000;

  /** Batches that are sent again in one go. */
  static final int MAX_RESENT = 64;

  /** A batch is sent so often at most; with the defaults that is over after eleven seconds. */
  static final int MAX_SENT = 8;

  /** An unacknowledged batch is sent again at least this often. */
  static final long LONGEST_WAIT_MS = 2_000;

  /** About what a publication has on the wire beside its texts and data. */
  private static final int OVERHEAD_BYTES = 64;

  private static final class InFlight {
    final Batch batch;
    final int bytes;
    long dueAtMillis;
    long waitMillis;
    int sent = 1;

    InFlight(Batch batch, int bytes, long dueAtMillis, long waitMillis) {
      this.batch = batch;
      this.bytes = bytes;
      this.dueAtMillis = dueAtMillis;
      this.waitMillis = waitMillis;
    }
  }

  private final String node;
  private final String service;
  private final long life;
  private final BatchLimits limits;
  private final BatchMeters meters;

  /** What leaves at the end of the turn. */
  private List<Publication> gathered = new ArrayList<>();

  private int gatheredBytes;

  /** Sent and not acknowledged, by number. */
  private final TreeMap<Long, InFlight> inFlight = new TreeMap<>();

  private long bytesInFlight;
  private long lastNumber;

  /** What was not sent, by topic, in the order in which they were first left out. */
  private final Map<Topic, LeftOut> leftOut = new LinkedHashMap<>();

  /** Bytes of what {@link #leftOut} keeps. */
  private long bytesKept;

  /** Whether more topics were left out than are remembered. */
  private boolean othersLeftOut;

  /** Whether the gateway is not heard: nothing is sent to it, nor sent again. */
  private boolean silent;

  /**
   * @param life larger than that of each earlier window from this node's service to the gateway, so that the numbers of two
   *     windows are never taken for each other's
   */
  GatewayWindow(
      String node,
      String service,
      long life,
      BatchLimits limits,
      BatchMeters meters,
      boolean silent) {
    this.node = node;
    this.service = service;
    this.life = life;
    this.limits = limits;
    this.meters = meters;
    this.silent = silent;
  }

  static int bytesOf(Publication publication) {
    Topic topic = publication.topic();
    return OVERHEAD_BYTES
        + topic.prefix().length()
        + topic.id().length()
        + publication.event().length()
        + publication.data().bytes();
  }

  /** Puts a publication behind all before; a batch leaves at once when it is full. */
  List<Batch> add(Publication publication, long nowMillis) {
    if (isBlocked()) {
      leaveOut(publication);
      return List.of();
    }
    if (publication.eventClass() == EventClass.EPHEMERAL && !isHalfFree()) {
      meters.dropped();
      return List.of();
    }
    gathered.add(publication);
    gatheredBytes += bytesOf(publication);
    return gathered.size() >= MAX_PUBLICATIONS || gatheredBytes >= MAX_BYTES
        ? flush(nowMillis)
        : List.of();
  }

  /** The turn is over: what was gathered leaves. */
  List<Batch> flush(long nowMillis) {
    if (gathered.isEmpty()) {
      return List.of();
    }
    List<Publication> batch = gathered;
    int bytes = gatheredBytes;
    gathered = new ArrayList<>();
    gatheredBytes = 0;
    if (isBlocked()) {
      batch.forEach(this::leaveOut);
      return List.of();
    }
    return List.of(send(batch, bytes, Map.of(), false, nowMillis));
  }

  /** The gateway has these batches of this window. */
  List<Batch> taken(List<Long> numbers, long nowMillis) {
    for (long number : numbers) {
      InFlight taken = inFlight.remove(number);
      if (taken != null) {
        bytesInFlight -= taken.bytes;
      }
    }
    return sendLeftOut(nowMillis);
  }

  /** Sends again what has waited too long for its acknowledgement, the oldest first. */
  List<Batch> tick(long nowMillis) {
    if (silent) {
      return List.of();
    }
    giveUp(nowMillis);
    List<Batch> again = new ArrayList<>();
    Iterator<InFlight> oldestFirst = inFlight.values().iterator();
    while (oldestFirst.hasNext() && again.size() < MAX_RESENT) {
      InFlight waits = oldestFirst.next();
      if (waits.dueAtMillis <= nowMillis) {
        waits.sent++;
        waits.waitMillis = Math.min(
            Math.max(LONGEST_WAIT_MS, limits.resendAfter().toMillis()), waits.waitMillis * 2);
        waits.dueAtMillis = nowMillis + waits.waitMillis;
        again.add(waits.batch.withFloor(inFlight.firstKey()));
        meters.resent();
      }
    }
    again.addAll(sendLeftOut(nowMillis));
    return again;
  }

  private void giveUp(long nowMillis) {
    List<InFlight> hopeless = inFlight.values().stream()
        .filter(waits -> waits.sent >= MAX_SENT && waits.dueAtMillis <= nowMillis)
        .toList();
    for (InFlight waits : hopeless) {
      inFlight.remove(waits.batch.number());
      bytesInFlight -= waits.bytes;
      meters.givenUp();
      othersLeftOut |= waits.batch.othersLeftOut();
      waits.batch.newest().forEach(this::leaveOutUpTo);
      for (Publication publication : waits.batch.publications()) {
        publication.position().ifPresent(position -> leaveOutUpTo(publication.topic(), position));
      }
    }
  }

  private void leaveOutUpTo(Topic topic, StreamPosition position) {
    LeftOut left = leftOut.get(topic);
    if (left != null) {
      bytesKept -= left.bytes();
      left.alsoUpTo(position);
    } else if (leftOut.size() < limits.topicsLeftOut()) {
      leftOut.put(topic, LeftOut.upTo(position));
    } else {
      othersLeftOut = true;
    }
  }

  /** The gateway is not heard any more. */
  void fellSilent() {
    silent = true;
  }

  /** The gateway is heard again; it may have lost whatever was sent to it. */
  List<Batch> returned(long nowMillis) {
    if (!silent) {
      return List.of();
    }
    silent = false;
    for (InFlight waits : inFlight.values()) {
      waits.sent = 0;
      waits.waitMillis = limits.resendAfter().toMillis();
      waits.dueAtMillis = nowMillis;
    }
    return tick(nowMillis);
  }

  long life() {
    return life;
  }

  /** What is on its way now, for operators. */
  Window inspect() {
    return new Window(inFlight.size(), bytesInFlight, leftOut.size(), isBlocked());
  }

  boolean hasInFlight() {
    return !inFlight.isEmpty();
  }

  /** Whether a gateway that is heard does not have everything yet. */
  boolean owes() {
    return !silent && (hasInFlight() || hasLeftOut() || !gathered.isEmpty());
  }

  boolean isBlocked() {
    return silent || hasLeftOut() || isFull();
  }

  private boolean hasLeftOut() {
    return othersLeftOut || !leftOut.isEmpty();
  }

  private boolean isFull() {
    return inFlight.size() >= limits.inFlight() || bytesInFlight >= limits.bytesInFlight();
  }

  private boolean isHalfFree() {
    return inFlight.size() <= limits.inFlight() / 2 && bytesInFlight <= limits.bytesInFlight() / 2;
  }

  private void leaveOut(Publication publication) {
    if (publication.eventClass() == EventClass.EPHEMERAL) {
      meters.dropped();
      return;
    }
    if (!hasLeftOut()) {
      meters.blocked();
    }
    LeftOut topic = leftOut.get(publication.topic());
    if (topic == null) {
      if (leftOut.size() >= limits.topicsLeftOut()) {
        othersLeftOut = true;
        meters.leftOut(1);
        return;
      }
      topic = LeftOut.of(publication);
      leftOut.put(publication.topic(), topic);
    }
    bytesKept -= topic.bytes();
    int keptBefore = topic.size();
    LeftOut.Fate fate = topic.add(publication);
    if (bytesKept + topic.bytes() > limits.bytesInFlight()) {
      keptBefore = topic.size() - (fate == LeftOut.Fate.KEPT ? 1 : 0);
      fate = topic.leave();
    }
    bytesKept += topic.bytes();
    if (fate == LeftOut.Fate.CONFLATED) {
      meters.conflated();
    } else if (fate == LeftOut.Fate.LEFT) {
      meters.leftOut(keptBefore + 1);
    }
  }

  private List<Batch> sendLeftOut(long nowMillis) {
    if (silent || !hasLeftOut() || !isHalfFree()) {
      return List.of();
    }
    List<Batch> batches = new ArrayList<>();
    while (hasLeftOut() && !isFull()) {
      batches.add(sendSomeLeftOut(nowMillis));
    }
    return batches;
  }

  private Batch sendSomeLeftOut(long nowMillis) {
    List<Publication> publications = new ArrayList<>();
    Map<Topic, StreamPosition> newest = new LinkedHashMap<>();
    int bytes = 0;
    Iterator<Map.Entry<Topic, LeftOut>> topics = leftOut.entrySet().iterator();
    while (topics.hasNext()
        && publications.size() < MAX_PUBLICATIONS
        && newest.size() < MAX_TOPICS
        && bytes < MAX_BYTES) {
      Map.Entry<Topic, LeftOut> topic = topics.next();
      LeftOut left = topic.getValue();
      if (left.size() == 0) {
        newest.put(topic.getKey(), left.newest());
        bytes += OVERHEAD_BYTES;
      } else {
        publications.addAll(left.kept());
        bytes += left.bytes();
        bytesKept -= left.bytes();
      }
      topics.remove();
    }
    boolean others = othersLeftOut;
    othersLeftOut = false;
    return send(publications, bytes, newest, others, nowMillis);
  }

  private Batch send(
      List<Publication> publications,
      int bytes,
      Map<Topic, StreamPosition> newest,
      boolean others,
      long nowMillis) {
    long number = ++lastNumber;
    long floor = inFlight.isEmpty() ? number : inFlight.firstKey();
    Batch batch = new Batch(node, service, life, number, floor, publications, newest, others);
    long wait = limits.resendAfter().toMillis();
    inFlight.put(number, new InFlight(batch, bytes, nowMillis + wait, wait));
    bytesInFlight += bytes;
    meters.sent();
    return batch;
  }
}
