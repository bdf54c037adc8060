package io.madang.gateway.fanout;

import io.madang.gateway.fanout.SubscribeOutcome.Refused;
import io.madang.gateway.fanout.SubscribeOutcome.Subscribed;
import io.madang.runtime.command.Caller;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.inspect.Inspection;
import io.madang.runtime.inspect.Standings;
import io.madang.runtime.mesh.GatewayEndpoint;
import io.madang.runtime.service.Observation.Observed;
import io.madang.runtime.service.ServiceUnavailableException;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicAnswer.Denied;
import io.madang.runtime.service.TopicAnswer.Granted;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's one place where topics are heard. Its state is touched on its own loop only: the {@link WantedTopics}, each of
 * which orders what comes; the {@link Repairs}, which ask for what is missing; and the {@link Loops}, which hand each
 * event loop's {@link Fanout} the same publications.
 *
 * <p>Whoever is to hear a topic from some position on goes one way, be it new, back, or behind for reading slowly: the mesh is
 * told that the topic is wanted here and its owner's nodes acknowledge, so that nothing new can be missed; the owner is asked
 * once for permission, position and what was missed, as far as {@link CatchUps} has not got it; what was delivered meanwhile
 * is added by offset; then the connection is answered and attached in one step.
 */
public final class SubscriptionHub implements GatewayEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(SubscriptionHub.class);

  /** How often one is read for while the topic outruns the answers; then it is told to try later. */
  private static final int MAX_READS = 8;

  private static final int RETRY_AFTER_MS = 1_000;

  private static final TopicAnswer UNGUARDED =
      TopicAnswer.recovered(new StreamPosition("-", 0), false, List.of());

  private final HubMesh mesh;
  private final HubTime time;
  private final RandomGenerator dice;
  private final WantedTopics topics;
  private final Loops loops;
  private final Repairs repairs;

  /** @param dice spreads over time what would else happen at once; used on the hub's loop only */
  public SubscriptionHub(
      HubMesh mesh, HubTime time, RandomGenerator dice, HubLimits limits, MeterRegistry metrics) {
    HubMeters meters = new HubMeters(metrics);
    this.mesh = mesh;
    this.time = time;
    this.dice = dice;
    this.topics = new WantedTopics(mesh, time, limits, meters);
    this.loops = new Loops(meters);
    this.repairs = new Repairs(mesh, time, dice, topics, loops, meters);
  }

  /** Begins to hear; succeeds when publications come. Safe on any thread. */
  public Future<Void> start() {
    mesh.loop().execute(repairs::start);
    return mesh.attach(this);
  }

  /** A fan-out for the event loop that runs what {@code loop} is given, in order. Safe on any thread. */
  public Fanout newFanout(Executor loop) {
    Fanout fanout = new Fanout(this, loop);
    mesh.loop().execute(() -> loops.add(fanout));
    return fanout;
  }

  // Called by the fan-outs on their loops.

  void subscribe(Fanout fanout, Fanout.Request request) {
    mesh.loop().execute(() -> onSubscribe(fanout, request));
  }

  /** Somebody whose subscription stands fell behind and can take more now. */
  void feed(Fanout fanout, Fanout.Hunger hunger) {
    mesh.loop().execute(() -> onHungry(fanout, hunger));
  }

  /** The hub could not be asked: {@code again} is run on the fan-out's loop after a while. */
  void tryLater(Fanout fanout, Runnable again) {
    int wait = RETRY_AFTER_MS / 2 + dice.nextInt(RETRY_AFTER_MS);
    mesh.loop().execute(() -> time.after(wait, () -> fanout.loop().execute(again)));
  }

  void release(Topic topic) {
    mesh.loop().execute(() -> topics.release(topic));
  }

  void arrived(Observed observed) {
    mesh.loop().execute(() -> mesh.arrived(observed));
  }

  void departed(Observed observed) {
    mesh.loop().execute(() -> mesh.departed(observed));
  }

  // What the mesh tells, on the hub's loop.

  @Override
  public void onBatch(List<Publication> publications) {
    onBatch("", publications, () -> {});
  }

  @Override
  public void onBatch(String node, List<Publication> publications, Runnable taken) {
    Map<Feed, List<Publication>> deliverable = new LinkedHashMap<>();
    for (Publication publication : publications) {
      topics.find(publication.topic()).ifPresent(feed -> {
        List<Publication> out = deliverable.computeIfAbsent(feed, of -> new ArrayList<>());
        if (feed.order.accept(publication, out) == TopicFeed.Verdict.ASK_OWNER) {
          repairs.onHole(feed, node, publication);
        }
      });
    }
    loops.deliver(deliverable, taken);
  }

  @Override
  public void onLeftOut(String node, Map<Topic, StreamPosition> newest) {
    repairs.onLeftOut(node, newest);
  }

  @Override
  public void onEvidence(String service) {
    repairs.onEvidence(service);
  }

  @Override
  public void onStoodStill() {
    repairs.onStoodStill();
  }

  @Override
  public Standings inspect(Inspection inspection) {
    Standings.Selection selection = new Standings.Selection(inspection);
    topics.all().forEach(feed -> selection.accept(feed.standing()));
    return selection.standings();
  }

  // Subscribing.

  private void onSubscribe(Fanout fanout, Fanout.Request request) {
    Optional<Feed> held = topics.hold(request.topic());
    if (held.isPresent()) {
      new Subscribing(fanout, request, held.get()).read(1);
    } else {
      refuse(fanout, request, mesh.noSuchTopic());
    }
  }

  private static void refuse(Fanout fanout, Fanout.Request request, Refusal refusal) {
    fanout.loop().execute(() -> fanout.refuse(request, new Refused(refusal)));
  }

  /** One subscription that is being set up; it holds its topic. */
  private final class Subscribing {
    private final Fanout fanout;
    private final Fanout.Request request;
    private final Feed feed;
    private final Optional<Feed> guard;

    Subscribing(Fanout fanout, Fanout.Request request, Feed feed) {
      this.fanout = fanout;
      this.request = request;
      this.feed = feed;
      this.guard = feed.guard.flatMap(topics::find);
    }

    /** What the guard's owner and the topic's owner answered; the first denies nothing when there is no guard. */
    private record Answers(TopicAnswer guarding, TopicAnswer answer) {}

    void read(int time) {
      Reading ofTopic = new Reading(feed);
      Optional<Reading> ofGuard = guard.map(Reading::new);
      Caller caller = request.subscriber().caller();
      permission(caller)
          .compose(permission -> permission instanceof Denied
              ? Future.succeededFuture(new Answers(permission, permission))
              : feed.wanted
                  .compose(wanted -> feed.readers.read(caller, request.since()))
                  .map(answer -> new Answers(permission, answer)))
          .onComplete(answers -> {
            onAnswers(answers, ofTopic, ofGuard, time);
            ofTopic.end();
            ofGuard.ifPresent(Reading::end);
          });
    }

    private Future<TopicAnswer> permission(Caller caller) {
      return guard
          .map(of -> of.wanted.compose(wanted -> of.readers.authorise(caller)))
          .orElseGet(() -> Future.succeededFuture(UNGUARDED));
    }

    private void onAnswers(
        AsyncResult<Answers> answers, Reading ofTopic, Optional<Reading> ofGuard, int time) {
      if (answers.failed()) {
        onFailed(answers.cause());
        return;
      }
      if (answers.result().answer() instanceof Denied denied) {
        giveUp(denied.refusal());
        return;
      }
      Granted granted = (Granted) answers.result().answer();
      Optional<StreamPosition> guardedAt =
          ofGuard.map(of -> ((Granted) answers.result().guarding()).position());
      Optional<List<Publication>> since = ofTopic.joined(granted.position());
      Optional<List<Publication>> sinceOfGuard = ofGuard.isPresent()
          ? ofGuard.get().joined(guardedAt.orElseThrow())
          : Optional.of(List.of());
      if (since.isPresent() && sinceOfGuard.isPresent()) {
        onGranted(granted, guardedAt, since.get(), sinceOfGuard.get());
      } else if (time < MAX_READS) {
        read(time + 1);
      } else {
        onFailed(new ServiceUnavailableException("the topic outruns its reader"));
      }
    }

    private void onGranted(
        Granted granted,
        Optional<StreamPosition> guardedAt,
        List<Publication> since,
        List<Publication> sinceOfGuard) {
      String user = request.subscriber().caller().user();
      if (Endings.cutOff(user, since) || Endings.cutOff(user, sinceOfGuard)) {
        giveUp(Refusal.of("forbidden", "There is no such topic, or you may not hear it."));
        return;
      }
      List<Publication> publications = new ArrayList<>(granted.publications());
      StreamPosition position = CatchUps.end(granted);
      if (!granted.more() && !since.isEmpty()) {
        publications.addAll(since);
        position = feed.order.last().orElseThrow();
      }
      Subscribed outcome = new Subscribed(
          position, granted.recovered(), granted.snapshot(), List.copyOf(publications));
      StreamPosition authorisedAt = guardedAt.orElse(granted.position());
      fanout.loop().execute(() -> fanout.attach(request, outcome, authorisedAt, granted.more()));
      repairs.onAhead(feed, granted.position());
    }

    private void onFailed(Throwable cause) {
      if (cause instanceof ServiceUnavailableException) {
        int wait = RETRY_AFTER_MS / 2 + dice.nextInt(RETRY_AFTER_MS);
        giveUp(Refusal.later("unavailable", "The topic's service is away; try again.", wait));
      } else {
        LOG.error("Subscribing to {} broke", request.topic(), cause);
        giveUp(Refusal.of("internal", "Something went wrong here."));
      }
    }

    private void giveUp(Refusal refusal) {
      topics.release(request.topic());
      refuse(fanout, request, refusal);
    }
  }

  /** A read under way: what is delivered meanwhile is held for it. */
  private final class Reading {
    private final Feed feed;
    private final int beginnings;
    private final int standstills = repairs.standstills();

    Reading(Feed feed) {
      this.feed = feed;
      this.beginnings = feed.order.beginnings();
      feed.order.readBegun();
    }

    /**
     * Brings the feed to where the owner says it stands.
     *
     * @return what was delivered behind there; empty when that is not at hand, and the owner is to be asked again
     */
    Optional<List<Publication>> joined(StreamPosition position) {
      List<Publication> out = new ArrayList<>();
      feed.order.begin(position, out);
      boolean isOtherLife = !feed.order.last().orElseThrow().epoch().equals(position.epoch());
      // Of two lives that are told at the same time it cannot be said which is the newer one.
      if (isOtherLife && feed.order.beginnings() == beginnings) {
        repairs.jump(feed, position, out);
      }
      loops.deliver(feed, out);
      return feed.order.deliveredAfter(position);
    }

    void end() {
      feed.order.readEnded();
      if (repairs.standstills() != standstills) {
        // What was asked for before this process stood still says nothing about the time since.
        repairs.compareIfHeard(feed);
      }
    }
  }

  // Feeding those who fell behind.

  private void onHungry(Fanout fanout, Fanout.Hunger hunger) {
    Optional<Feed> feed = topics.find(hunger.topic());
    if (feed.isPresent()) {
      feed(fanout, hunger, feed.get(), 1);
    } else {
      // The subscription is over; its connection may be fed something else instead.
      fanout.loop().execute(() -> fanout.notFed(hunger));
    }
  }

  private void feed(Fanout fanout, Fanout.Hunger hunger, Feed feed, int time) {
    Reading reading = new Reading(feed);
    feed.readers.past(hunger.since()).onComplete(answer -> {
      if (answer.succeeded() && answer.result() instanceof Granted granted) {
        feed.patience.succeeded();
        Optional<List<Publication>> since = reading.joined(granted.position());
        if (since.isPresent()) {
          bring(fanout, hunger, feed, granted, since.get());
        } else if (time < MAX_READS) {
          feed(fanout, hunger, feed, time + 1);
        } else {
          feedLater(fanout, hunger, feed);
        }
      } else {
        feedLater(fanout, hunger, feed);
      }
      reading.end();
    });
  }

  private void bring(
      Fanout fanout, Fanout.Hunger hunger, Feed feed, Granted granted, List<Publication> since) {
    List<Publication> publications = new ArrayList<>(granted.publications());
    StreamPosition position = CatchUps.end(granted);
    if (!granted.more() && !since.isEmpty()) {
      publications.addAll(since);
      position = feed.order.last().orElseThrow();
    }
    StreamPosition from = granted.recovered() ? hunger.since() : granted.position();
    Fanout.Meal meal = new Fanout.Meal(
        from,
        position,
        granted.more(),
        Conflation.newestOfEachKey(from, publications).stream()
            .map(SharedPublication::new)
            .toList());
    fanout.loop().execute(() -> fanout.fed(hunger, meal));
    repairs.onAhead(feed, granted.position());
  }

  private void feedLater(Fanout fanout, Fanout.Hunger hunger, Feed feed) {
    time.after(
        feed.patience.failed(dice), () -> fanout.loop().execute(() -> fanout.notFed(hunger)));
  }
}
