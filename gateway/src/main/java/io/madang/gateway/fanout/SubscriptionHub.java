package io.madang.gateway.fanout;

import io.madang.gateway.fanout.SubscribeOutcome.Refused;
import io.madang.gateway.fanout.SubscribeOutcome.Subscribed;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.descriptor.TopicDescriptor;
import io.madang.runtime.mesh.GatewayEndpoint;
import io.madang.runtime.mesh.Mesh;
import io.madang.runtime.service.Observation.Observed;
import io.madang.runtime.service.ServiceUnavailableException;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicAnswer.Denied;
import io.madang.runtime.service.TopicAnswer.Granted;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.Revocation;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's one place where topics are heard. Its state is touched on the mesh loop only: one {@link Feed} per topic that
 * somebody here wants, which orders what comes, asks the owner for what is missing, and hands each event loop's
 * {@link Fanout} the same publications.
 *
 * <p>Subscribing: the mesh is told that the topic is wanted here and its owner's nodes acknowledge, so that nothing new can be
 * missed; then the owner is asked once for permission, position and what the client needs; what came between is added; then the
 * connection is attached and answered in one step. A hole blocks its own topic only.
 */
public final class SubscriptionHub implements GatewayEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(SubscriptionHub.class);

  /** A position is compared with its owner's this often even when nothing hints at a loss. */
  private static final Duration SWEEP = Duration.ofMinutes(1);

  /** After a node left, its topics are compared within this time. */
  private static final int EVIDENCE_SPREAD_MS = 1_000;

  /** How long something that another message announced may be under way before the owner is asked. */
  private static final int UNDER_WAY_MS = 50;

  private static final int FIRST_RETRY_MS = 100;
  private static final int LAST_RETRY_MS = 5_000;

  /** Pages of one subscriber's missed publications before it gets a snapshot instead. */
  private static final int MAX_PAGES = 200;

  private final Vertx vertx;
  private final Mesh mesh;
  private final Duration linger;
  private final int maxAnswerBytes;
  private final Map<Topic, Feed> feeds = new HashMap<>();

  /** Grows only; read on the mesh loop, added to by loops when they start. */
  private final List<Fanout> fanouts = new CopyOnWriteArrayList<>();

  private final Counter holes;
  private final Counter gaps;
  private final Counter deliveredToNode;

  /** Position of the rolling sweep in seconds, 0 to 59. */
  private int sweepSecond;

  /** How often this process stood still: an answer that was asked for before says nothing about the time since. */
  private int standstills;

  /**
   * @param linger how long a topic stays wanted after its last subscriber left
   * @param maxAnswerBytes of the missed publications of one subscriber, as {@link Subscribed#bytes} counts them; beyond, it
   *     gets a snapshot instead
   */
  public SubscriptionHub(
      Vertx vertx, Mesh mesh, Duration linger, int maxAnswerBytes, MeterRegistry metrics) {
    this.vertx = vertx;
    this.mesh = mesh;
    this.linger = linger;
    this.maxAnswerBytes = maxAnswerBytes;
    this.holes = Counter.builder("madang.holes")
        .description("Topics whose owner was asked for what was missing")
        .register(metrics);
    this.gaps = Counter.builder("madang.gaps")
        .description("Ranges that the owner had no more")
        .register(metrics);
    this.deliveredToNode = Counter.builder("madang.publications")
        .description("Publications put in order at this node")
        .register(metrics);
  }

  /** Begins to hear; succeeds when publications come. */
  public Future<Void> start() {
    mesh.loop().runOnContext(turn -> vertx.setPeriodic(1_000, tick -> sweep()));
    return mesh.attach(this);
  }

  /** A fan-out for the calling event loop. */
  public Fanout newFanout() {
    Context loop = vertx.getOrCreateContext();
    Fanout fanout = new Fanout(this, loop);
    fanouts.add(fanout);
    return fanout;
  }

  /** One topic that is wanted here. */
  private final class Feed {
    final TopicFeed order;
    final String service;
    final TopicDescriptor descriptor;

    /** Topics this one guards are ended with it. */
    final List<String> guarded;

    /** Completes when the mesh knows that the topic is wanted here. */
    Future<Void> wanted;

    /** Subscriptions, those being set up, and feeds guarded by this one. */
    int holds;

    /** Timer of the linger; -1 when the topic is held or none runs. */
    long lingering = -1;

    boolean asking;
    int retryMs = FIRST_RETRY_MS;

    Feed(Topic topic, ServiceDescriptor owner, TopicDescriptor descriptor) {
      this.order = new TopicFeed(topic);
      this.service = owner.service();
      this.descriptor = descriptor;
      this.guarded = mesh.directory().services().stream()
          .flatMap(service -> service.topics().stream())
          .filter(each -> each.guard().equals(Optional.of(topic.prefix())))
          .map(TopicDescriptor::prefix)
          .toList();
    }

    Topic topic() {
      return order.topic();
    }

    Optional<Topic> guard() {
      return descriptor.guard().map(prefix -> new Topic(prefix, topic().id()));
    }
  }

  // Called by the fan-outs on their loops.

  void subscribe(Fanout fanout, Fanout.Request request) {
    mesh.loop().runOnContext(turn -> onSubscribe(fanout, request));
  }

  void release(Topic topic) {
    mesh.loop().runOnContext(turn -> onRelease(topic));
  }

  void arrived(Observed observed) {
    mesh.loop().runOnContext(turn -> mesh.observers().arrived(observed));
  }

  void departed(Observed observed) {
    mesh.loop().runOnContext(turn -> mesh.observers().departed(observed));
  }

  // Setting up, on the mesh loop.

  private void onSubscribe(Fanout fanout, Fanout.Request request) {
    Optional<Feed> held = hold(request.topic());
    if (held.isEmpty()) {
      refuse(fanout, request, Refusal.of("unknown-topic", "There is no such topic in the mesh."));
      return;
    }
    Feed feed = held.get();
    int asked = standstills;
    feed.order.readBegun();
    Optional<Feed> guard = feed.guard().flatMap(topic -> Optional.ofNullable(feeds.get(topic)));
    guard.ifPresent(of -> of.order.readBegun());
    feed.wanted
        .compose(wanted -> authorised(feed, request))
        .compose(guarding -> guarding instanceof Denied
            ? Future.succeededFuture(new Read(guarding, guarding))
            : readAll(request, request.since(), new ArrayList<>(), 0)
                .map(answer -> new Read(guarding, answer)))
        .onComplete(read -> {
          if (read.failed()) {
            onReadFailed(fanout, request, read.cause());
          } else {
            onRead(fanout, request, feed, guard, read.result());
          }
          if (asked != standstills) {
            askIfHeld(feed);
          }
          feed.order.readEnded();
          guard.ifPresent(of -> of.order.readEnded());
        });
  }

  /** What the guard's owner and the topic's owner answered; the same when there is no guard. */
  private record Read(TopicAnswer guarding, TopicAnswer answer) {}

  /** The guard's word; for a topic without guard something that denies nothing. */
  private Future<TopicAnswer> authorised(Feed feed, Fanout.Request request) {
    if (feed.guard().isEmpty()) {
      return Future.succeededFuture(
          TopicAnswer.recovered(new StreamPosition("-", 0), false, List.of()));
    }
    return feeds
        .get(feed.guard().get())
        .wanted
        .compose(wanted -> mesh.client()
            .read(
                new TopicRead.Authorise(feed.guard().get(), request.subscriber().caller())));
  }

  /** Reads page after page until the owner has told everything up to its position. */
  private Future<TopicAnswer> readAll(
      Fanout.Request request, Optional<StreamPosition> since, List<Publication> before, int page) {
    TopicRead read = new TopicRead.Subscribe(
        request.topic(), request.subscriber().caller(), since, TopicRead.MAX_PUBLICATIONS);
    return mesh.client().read(read).compose(answer -> {
      if (!(answer instanceof Granted granted)) {
        return Future.succeededFuture(answer);
      }
      if (!granted.recovered()) {
        return Future.succeededFuture(granted);
      }
      before.addAll(granted.publications());
      if (Subscribed.bytes(before) > maxAnswerBytes) {
        return readAll(request, Optional.empty(), new ArrayList<>(), page);
      }
      if (granted.more() && page < MAX_PAGES && !granted.publications().isEmpty()) {
        Publication newest = granted.publications().get(granted.publications().size() - 1);
        return readAll(request, newest.position(), before, page + 1);
      }
      if (granted.more()) {
        return readAll(request, Optional.empty(), new ArrayList<>(), page);
      }
      return Future.succeededFuture(
          new Granted(granted.position(), true, false, granted.snapshot(), before));
    });
  }

  private void onReadFailed(Fanout fanout, Fanout.Request request, Throwable cause) {
    if (!(cause instanceof ServiceUnavailableException)) {
      LOG.error("Subscribing to {} broke", request.topic(), cause);
    }
    Refusal refusal = cause instanceof ServiceUnavailableException
        ? Refusal.later("unavailable", "The topic's service is away; try again.", 1_000)
        : Refusal.of("internal", "Something went wrong here.");
    onRelease(request.topic());
    refuse(fanout, request, refusal);
  }

  private void onRead(
      Fanout fanout, Fanout.Request request, Feed feed, Optional<Feed> guard, Read read) {
    if (read.answer() instanceof Denied denied) {
      onRelease(request.topic());
      refuse(fanout, request, denied.refusal());
      return;
    }
    Granted granted = (Granted) read.answer();
    List<Publication> out = new ArrayList<>();
    feed.order.begin(granted.position(), out);
    StreamPosition last = feed.order.last().orElseThrow();
    if (!last.epoch().equals(granted.position().epoch())) {
      jump(feed, granted.position(), out);
    }
    deliver(Map.of(feed, out), SubscriptionHub::nobodyAsks);

    List<Publication> since = feed.order.heldAbove(granted.position());
    List<Publication> guardSince = guard.isPresent() && read.guarding() instanceof Granted guarding
        ? guard.get().order.heldAbove(guarding.position())
        : List.of();
    String user = request.subscriber().caller().user();
    if (isRevoked(user, since) || isRevoked(user, guardSince)) {
      onRelease(request.topic());
      refuse(
          fanout,
          request,
          Refusal.of("forbidden", "There is no such topic, or you may not hear it."));
      return;
    }
    StreamPosition authorisedAt = guard.isPresent() && read.guarding() instanceof Granted guarding
        ? guarding.position()
        : granted.position();
    List<Publication> all = new ArrayList<>(granted.publications());
    all.addAll(since);
    StreamPosition position = since.isEmpty()
        ? granted.position()
        : since.get(since.size() - 1).position().orElseThrow();
    attach(
        fanout,
        request,
        new Subscribed(position, granted.recovered(), granted.snapshot(), List.copyOf(all)),
        authorisedAt);
    if (feed.order.last().orElseThrow().offset() < position.offset()) {
      // What lies between is on its way to this node, unless it was lost.
      vertx.setTimer(UNDER_WAY_MS, late -> checkBehind(feed, position));
    }
  }

  private static boolean isRevoked(String user, List<Publication> publications) {
    return publications.stream()
        .flatMap(publication -> publication.revokes().stream())
        .anyMatch(revocation -> revocation.user().equals(user));
  }

  private void checkBehind(Feed feed, StreamPosition position) {
    boolean behind = feed.order
        .last()
        .map(last -> last.epoch().equals(position.epoch()) && last.offset() < position.offset())
        .orElse(false);
    if (behind && feeds.get(feed.topic()) == feed) {
      askOwner(feed);
    }
  }

  private void attach(
      Fanout fanout, Fanout.Request request, Subscribed outcome, StreamPosition authorisedAt) {
    fanout.loop().runOnContext(turn -> fanout.attach(request, outcome, authorisedAt));
  }

  private void refuse(Fanout fanout, Fanout.Request request, Refusal refusal) {
    fanout.loop().runOnContext(turn -> fanout.refuse(request, new Refused(refusal)));
  }

  // Holding topics, on the mesh loop.

  /** The feed of a topic, wanted from now on; empty when nobody owns it. */
  private Optional<Feed> hold(Topic topic) {
    Feed feed = feeds.get(topic);
    if (feed == null) {
      Optional<ServiceDescriptor> owner = mesh.directory().owner(topic);
      Optional<TopicDescriptor> descriptor = mesh.directory().topic(topic);
      if (owner.isEmpty() || descriptor.isEmpty()) {
        return Optional.empty();
      }
      feed = new Feed(topic, owner.get(), descriptor.get());
      Optional<Topic> guard = feed.guard();
      if (guard.isPresent() && hold(guard.get()).isEmpty()) {
        return Optional.empty();
      }
      feeds.put(topic, feed);
      feed.wanted = mesh.gatewayLink().want(topic);
    } else if (feed.wanted.failed()) {
      feed.wanted = mesh.gatewayLink().want(topic);
    }
    feed.holds++;
    if (feed.lingering >= 0) {
      vertx.cancelTimer(feed.lingering);
      feed.lingering = -1;
    }
    return Optional.of(feed);
  }

  private void onRelease(Topic topic) {
    Feed feed = feeds.get(topic);
    if (feed == null) {
      throw new IllegalStateException("released but not held: " + topic.prefix());
    }
    feed.holds--;
    if (feed.holds == 0) {
      feed.lingering = vertx.setTimer(Math.max(1, linger.toMillis()), over -> drop(feed));
    }
  }

  private void drop(Feed feed) {
    feeds.remove(feed.topic());
    mesh.gatewayLink().unwant(feed.topic());
    feed.guard().ifPresent(this::onRelease);
  }

  // What comes from the bus, on the mesh loop.

  @Override
  public void onBatch(List<Publication> publications) {
    onBatch("", publications, SubscriptionHub::nobodyAsks);
  }

  @Override
  public void onBatch(String node, List<Publication> publications, Runnable taken) {
    Map<Feed, List<Publication>> deliverable = new LinkedHashMap<>();
    for (Publication publication : publications) {
      Feed feed = feeds.get(publication.topic());
      if (feed == null) {
        continue;
      }
      List<Publication> out = deliverable.computeIfAbsent(feed, f -> new ArrayList<>());
      if (feed.order.accept(publication, out) == TopicFeed.Verdict.ASK_OWNER && !feed.asking) {
        feed.asking = true;
        // Mostly the missing one comes from another node in the next moment.
        vertx.setTimer(UNDER_WAY_MS, late -> askIfStillMissing(feed, publication));
      }
    }
    deliver(deliverable, taken);
  }

  private void askIfStillMissing(Feed feed, Publication sign) {
    feed.asking = false;
    boolean otherLife = !feed.order
        .last()
        .map(StreamPosition::epoch)
        .equals(sign.position().map(StreamPosition::epoch));
    if (feeds.get(feed.topic()) == feed
        && (feed.order.hasHole() || feed.order.isDoubtful() || otherLife)) {
      askOwner(feed);
    }
  }

  @Override
  public void onLeftOut(String node, Map<Topic, StreamPosition> newest) {
    newest.forEach((topic, position) -> {
      Feed feed = feeds.get(topic);
      if (feed != null && isElsewhere(feed, position)) {
        askOwner(feed);
      }
    });
  }

  private static boolean isElsewhere(Feed feed, StreamPosition position) {
    return feed.order
        .last()
        .map(last -> !last.epoch().equals(position.epoch()) || last.offset() < position.offset())
        .orElse(false);
  }

  @Override
  public void onStoodStill() {
    standstills++;
    feeds.values().forEach(feed -> feed.order.doubt());
    for (Feed feed : List.copyOf(feeds.values())) {
      if (feed.order.isDoubtful()) {
        askWithin(feed, EVIDENCE_SPREAD_MS);
      }
    }
  }

  private void askWithin(Feed feed, int millis) {
    vertx.setTimer(1 + ThreadLocalRandom.current().nextInt(millis), soon -> askIfHeld(feed));
  }

  /** A topic whose guard may have cut somebody off is compared after its guard. */
  private boolean waitsForGuard(Feed feed) {
    return feed.order.isDoubtful()
        && feed.guard()
            .flatMap(topic -> Optional.ofNullable(feeds.get(topic)))
            .filter(guard -> guard.order.isDoubtful())
            .isPresent();
  }

  @Override
  public void onEvidence(String service) {
    for (Feed feed : List.copyOf(feeds.values())) {
      if (feed.service.equals(service) && feed.order.last().isPresent()) {
        askWithin(feed, EVIDENCE_SPREAD_MS);
      }
    }
  }

  private void sweep() {
    sweepSecond = (sweepSecond + 1) % (int) SWEEP.toSeconds();
    for (Feed feed : List.copyOf(feeds.values())) {
      if (Math.floorMod(feed.topic().hashCode(), (int) SWEEP.toSeconds()) == sweepSecond) {
        askIfHeld(feed);
      }
    }
  }

  private void askIfHeld(Feed feed) {
    if (feeds.get(feed.topic()) == feed && feed.order.last().isPresent()) {
      askOwner(feed);
    }
  }

  /** Compares with the owner and takes over what is missing; retries with back-off as long as the topic is held. */
  private void askOwner(Feed feed) {
    if (feed.asking || waitsForGuard(feed)) {
      return;
    }
    feed.asking = true;
    int asked = standstills;
    StreamPosition since = feed.order.last().orElseThrow();
    mesh.client()
        .read(new TopicRead.CatchUp(feed.topic(), since, TopicRead.MAX_PUBLICATIONS))
        .onComplete(result -> {
          feed.asking = false;
          if (feeds.get(feed.topic()) != feed) {
            return;
          }
          if (asked != standstills) {
            askOwner(feed);
            return;
          }
          if (result.succeeded() && result.result() instanceof Granted granted) {
            feed.retryMs = FIRST_RETRY_MS;
            onCaughtUp(feed, granted);
          } else {
            retry(feed, result.failed() ? result.cause().toString() : "the owner denies it");
          }
        });
  }

  private void retry(Feed feed, String cause) {
    LOG.warn("Could not compare {} topics with their owner: {}", feed.topic().prefix(), cause);
    int wait = feed.retryMs / 2 + ThreadLocalRandom.current().nextInt(feed.retryMs);
    feed.retryMs = Math.min(LAST_RETRY_MS, feed.retryMs * 2);
    vertx.setTimer(wait, again -> askIfHeld(feed));
  }

  private void onCaughtUp(Feed feed, Granted granted) {
    boolean doubted = feed.order.isDoubtful();
    List<Publication> out = new ArrayList<>();
    if (!granted.recovered()) {
      jump(feed, granted.position(), out);
    } else {
      StreamPosition told = granted.more() && !granted.publications().isEmpty()
          ? granted
              .publications()
              .get(granted.publications().size() - 1)
              .position()
              .orElseThrow()
          : granted.position();
      if (!granted.publications().isEmpty()) {
        holes.increment();
      }
      feed.order.recovered(told, granted.publications(), out);
    }
    deliver(Map.of(feed, out), SubscriptionHub::nobodyAsks);
    if (doubted) {
      askGuarded(feed);
    }
    if (granted.recovered() && (granted.more() || feed.order.hasHole())) {
      askOwner(feed);
    }
  }

  /** What waited for this guard's comparison is compared now. */
  private void askGuarded(Feed guard) {
    for (String prefix : guard.guarded) {
      Feed feed = feeds.get(new Topic(prefix, guard.topic().id()));
      if (feed != null && feed.order.isDoubtful()) {
        askOwner(feed);
      }
    }
  }

  private void jump(Feed feed, StreamPosition position, List<Publication> out) {
    gaps.increment();
    StreamPosition from = feed.order.last().orElseThrow();
    feed.order.jump(position, out);
    for (Fanout fanout : fanouts) {
      fanout.loop().runOnContext(turn -> fanout.gap(feed.topic(), from, position));
    }
  }

  /**
   * Hands every loop the same publications in one hop, then ends what they revoke.
   *
   * @param taken is run when the last loop has them, on that loop
   */
  private void deliver(Map<Feed, List<Publication>> publications, Runnable taken) {
    Map<Topic, List<SharedPublication>> shared = new LinkedHashMap<>();
    List<Ending> endings = new ArrayList<>();
    publications.forEach((feed, list) -> {
      if (list.isEmpty()) {
        return;
      }
      deliveredToNode.increment(list.size());
      shared.put(feed.topic(), list.stream().map(SharedPublication::new).toList());
      list.forEach(publication -> collectEndings(feed, publication, endings));
    });
    List<Fanout> loops = List.copyOf(fanouts);
    if (shared.isEmpty() || loops.isEmpty()) {
      taken.run();
      return;
    }
    AtomicInteger missing = new AtomicInteger(loops.size());
    for (Fanout fanout : loops) {
      fanout.loop().runOnContext(turn -> {
        try {
          shared.forEach(fanout::deliver);
          endings.forEach(ending -> ending.applyTo(fanout));
        } finally {
          if (missing.decrementAndGet() == 0) {
            taken.run();
          }
        }
      });
    }
  }

  /** Takes note that what no batch brought was taken. */
  private static void nobodyAsks() {}

  /** A revocation, for the topic it was published in and for each that it guards. */
  private record Ending(Topic topic, Revocation revocation, StreamPosition at) {
    void applyTo(Fanout fanout) {
      fanout.revoke(topic, revocation.user(), revocation.reason(), at);
    }
  }

  private static void collectEndings(Feed feed, Publication publication, List<Ending> endings) {
    if (publication.revokes().isEmpty() || publication.position().isEmpty()) {
      return;
    }
    Revocation revocation = publication.revokes().get();
    StreamPosition at = publication.position().get();
    endings.add(new Ending(feed.topic(), revocation, at));
    for (String prefix : feed.guarded) {
      endings.add(new Ending(new Topic(prefix, feed.topic().id()), revocation, at));
    }
  }
}
