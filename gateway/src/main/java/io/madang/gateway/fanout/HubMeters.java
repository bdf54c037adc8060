package io.madang.gateway.fanout;

import io.madang.runtime.metrics.MeterNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts how topics are kept in order at this node and how readers are brought up to date. Safe on any thread. */
final class HubMeters {
  private final Counter ordered;
  private final Counter holesFromSender;
  private final Counter holesFromHistory;
  private final Counter gaps;
  private final Counter fromRecent;
  private final Counter fromAnother;
  private final Counter fromOwner;
  private final Counter withSnapshot;
  private final Counter pasts;
  private final Counter snapshots;
  private final Counter permissions;
  private final Counter comparisons;

  /** Topics with a hole, as the last sweep found them: a second ago at most. */
  private volatile int topicsWaiting;

  /** The largest {@link TopicFeed#knownLag}, likewise. */
  private volatile long largestLag;

  HubMeters(MeterRegistry registry) {
    this.ordered = Counter.builder("madang.publications")
        .description("Publications put in order at this node")
        .register(registry);
    this.holesFromSender = holes(registry, MeterNames.FROM_SENDER);
    this.holesFromHistory = holes(registry, MeterNames.FROM_HISTORY);
    this.gaps = Counter.builder(MeterNames.GAPS)
        .description("Ranges that the owner had no more")
        .register(registry);
    this.fromRecent = catchUps(registry, MeterNames.FROM_RECENT);
    this.fromAnother = catchUps(registry, MeterNames.FROM_ANOTHER);
    this.fromOwner = catchUps(registry, MeterNames.FROM_OWNER);
    this.withSnapshot = catchUps(registry, MeterNames.WITH_SNAPSHOT);
    this.pasts = reads(registry, "past");
    this.snapshots = reads(registry, "snapshot");
    this.permissions = reads(registry, "permission");
    this.comparisons = reads(registry, "comparison");
    Gauge.builder(MeterNames.TOPICS_WAITING, this, meters -> meters.topicsWaiting)
        .description("Topics of which something waits for what came before it")
        .register(registry);
    Gauge.builder(MeterNames.LAG, this, meters -> meters.largestLag)
        .description("Offsets that the topic lacks which is known to lack most")
        .register(registry);
  }

  private static Counter holes(MeterRegistry registry, String outcome) {
    return Counter.builder(MeterNames.HOLES)
        .description("Holes in topics that were filled, by where what was missing came from")
        .tag(MeterNames.OUTCOME, outcome)
        .register(registry);
  }

  private static Counter catchUps(MeterRegistry registry, String outcome) {
    return Counter.builder(MeterNames.CATCH_UPS)
        .description(
            "Readers that were brought up to date with a topic, by where their past came from")
        .tag(MeterNames.OUTCOME, outcome)
        .register(registry);
  }

  private static Counter reads(MeterRegistry registry, String kind) {
    return Counter.builder(MeterNames.OWNER_READS)
        .description("Questions to owners of topics, by what they are about")
        .tag(MeterNames.KIND, kind)
        .register(registry);
  }

  /** So many publications are delivered. */
  void ordered(int publications) {
    ordered.increment(publications);
  }

  /** What was missing came from the node that sent what is behind it. */
  void filledFromSender() {
    holesFromSender.increment();
  }

  /** What was missing came from the owner's history. */
  void filledFromHistory() {
    holesFromHistory.increment();
  }

  void gap() {
    gaps.increment();
  }

  /** So many topics have a hole now, and the largest of them is so many offsets wide. */
  void holesNow(int topics, long largest) {
    topicsWaiting = topics;
    largestLag = largest;
  }

  /** A reader's past was among the recent publications. */
  void servedFromRecent() {
    fromRecent.increment();
  }

  /** A reader's past came with a read for another. */
  void servedFromAnother() {
    fromAnother.increment();
  }

  /** A reader was read for. */
  void servedFromOwner() {
    fromOwner.increment();
  }

  /** A reader wanted no past, or it is gone. */
  void servedWithSnapshot() {
    withSnapshot.increment();
  }

  /** The owner is asked what somebody missed. */
  void askedForPast() {
    pasts.increment();
  }

  /** The owner is asked for the topic as it is. */
  void askedForSnapshot() {
    snapshots.increment();
  }

  /** The owner is asked whether somebody may hear what is at hand already. */
  void askedForPermission() {
    permissions.increment();
  }

  /** The owner is asked what this node may have missed. */
  void compared() {
    comparisons.increment();
  }
}
