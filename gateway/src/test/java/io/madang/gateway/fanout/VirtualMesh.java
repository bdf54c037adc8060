package io.madang.gateway.fanout;

import io.madang.runtime.command.Refusal;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.descriptor.TopicDescriptor;
import io.madang.runtime.descriptor.TopicDescriptor.History;
import io.madang.runtime.descriptor.TopicDescriptor.Pressure;
import io.madang.runtime.mesh.GatewayEndpoint;
import io.madang.runtime.mesh.ask.PositionClient;
import io.madang.runtime.service.Observation.Observed;
import io.madang.runtime.service.ServiceUnavailableException;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.Revocation;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * A mesh, its owner of topics, its clock and its loops, all on the test's thread: nothing happens but by {@link #settle} and
 * {@link #pass}. The topics {@code watch:…} are guarded by {@code log:…}.
 */
final class VirtualMesh implements HubMesh, HubTime {
  private static final ServiceDescriptor LOGS = new ServiceDescriptor(
      "logs",
      "1",
      List.of(
          TopicDescriptor.of("log", History.ALL, Pressure.CATCH_UP),
          TopicDescriptor.of("watch", History.ALL, Pressure.CATCH_UP).guardedBy("log")),
      List.of(),
      List.of(),
      List.of());

  /** Publishes everything. */
  static final String SENDER = "n1";

  private record Due(long atMillis, long number, Runnable task) {}

  /** One topic as its owner has it. */
  private static final class Log {
    String epoch = "e1";
    final List<Publication> publications = new ArrayList<>();

    StreamPosition head() {
      return new StreamPosition(epoch, publications.size());
    }
  }

  private final Deque<Runnable> turns = new ArrayDeque<>();
  private final PriorityQueue<Due> timers =
      new PriorityQueue<>(Comparator.comparingLong(Due::atMillis).thenComparingLong(Due::number));
  private long nowMillis;
  private long lastTimer;

  private final Map<Topic, Log> logs = new HashMap<>();
  private final Set<String> banned = new HashSet<>();
  private final Set<Topic> wanted = new HashSet<>();
  private final Deque<Runnable> heldAnswers = new ArrayDeque<>();
  private GatewayEndpoint endpoint;

  /** Questions so far. */
  final List<TopicRead> asked = new ArrayList<>();

  /** Before this offset the owner has nothing any more. */
  long firstKept = 1;

  /** Topics that were asked about in one question each, so far. */
  final List<Set<Topic>> askedTogether = new ArrayList<>();

  boolean isAway;

  /** Whether answers are made at once and come with {@link #answerHeld}. */
  boolean holdsAnswers;

  /** What the node that publishes was asked, so far. */
  final List<Topic> askedSender = new ArrayList<>();

  /** From this offset on the node that publishes has everything in memory. */
  long senderKeepsFrom = Long.MAX_VALUE;

  boolean isSenderGone;

  /** How long the node that publishes takes to answer. */
  long senderAnswersAfterMillis = 1;

  // The clock and the loops.

  /** Runs everything that is due, and what becomes due by it. */
  void settle() {
    while (!turns.isEmpty()) {
      turns.removeFirst().run();
    }
  }

  void pass(long millis) {
    long until = nowMillis + millis;
    settle();
    while (!timers.isEmpty() && timers.peek().atMillis() <= until) {
      Due due = timers.remove();
      nowMillis = due.atMillis();
      due.task().run();
      settle();
    }
    nowMillis = until;
  }

  @Override
  public Timer after(long millis, Runnable task) {
    Due due = new Due(nowMillis + Math.max(1, millis), ++lastTimer, task);
    timers.add(due);
    return () -> timers.remove(due);
  }

  @Override
  public Executor loop() {
    return turns::addLast;
  }

  // What the owner does.

  private Log log(Topic topic) {
    return logs.computeIfAbsent(topic, of -> new Log());
  }

  StreamPosition head(Topic topic) {
    return log(topic).head();
  }

  /** Commits; the publication is lost on its way. */
  Publication commit(Topic topic) {
    Log log = log(topic);
    long before = log.publications.size();
    return committed(
        log,
        Publication.log(
            topic, "put", new StreamPosition(log.epoch, before + 1), before, 0, Payload.NULL));
  }

  Publication commitState(Topic topic, String key) {
    Log log = log(topic);
    long before = log.publications.size();
    return committed(
        log,
        Publication.state(
            topic, "set", key, new StreamPosition(log.epoch, before + 1), before, 0, Payload.NULL));
  }

  Publication commitRevocation(Topic topic, String user, String reason) {
    Log log = log(topic);
    Publication revoking = commit(topic).revoking(new Revocation(user, reason));
    log.publications.set(log.publications.size() - 1, revoking);
    return revoking;
  }

  private static Publication committed(Log log, Publication publication) {
    log.publications.add(publication);
    return publication;
  }

  /** Commits and publishes. */
  void put(Topic topic, int count) {
    for (int i = 0; i < count; i++) {
      publish(commit(topic));
    }
  }

  void publish(Publication publication) {
    turns.addLast(() -> {
      if (wanted.contains(publication.topic())) {
        endpoint.onBatch(SENDER, List.of(publication), () -> {});
      }
    });
  }

  /** The node that publishes has not sent what led to where these topics stand. */
  void leaveOut(Collection<Topic> topics) {
    Map<Topic, StreamPosition> newest = new HashMap<>();
    topics.forEach(topic -> newest.put(topic, head(topic)));
    turns.addLast(() -> endpoint.onLeftOut(SENDER, newest));
  }

  void standStill() {
    turns.addLast(endpoint::onStoodStill);
  }

  void evidence() {
    turns.addLast(() -> endpoint.onEvidence("logs"));
  }

  void beginNewLife(Topic topic, String epoch) {
    log(topic).publications.clear();
    log(topic).epoch = epoch;
  }

  void ban(String user) {
    banned.add(user);
  }

  void answerHeld() {
    turns.addAll(heldAnswers);
    heldAnswers.clear();
  }

  void answerHeldLastFirst() {
    while (!heldAnswers.isEmpty()) {
      turns.addLast(heldAnswers.removeLast());
    }
  }

  /** Questions about what was missed, without those that ask only whether somebody may hear. */
  List<TopicRead> askedForPast(Topic topic) {
    return asked.stream()
        .filter(read -> read.topic().equals(topic))
        .filter(read -> read instanceof TopicRead.CatchUp
            || (read instanceof TopicRead.Subscribe subscribe
                && subscribe
                    .since()
                    .map(since -> since.offset() < head(topic).offset())
                    .orElse(false)))
        .toList();
  }

  private TopicAnswer answer(TopicRead read) {
    Log log = log(read.topic());
    if (read instanceof TopicRead.Authorise authorise) {
      return banned.contains(authorise.caller().user())
          ? TopicAnswer.denied("forbidden", "No.")
          : TopicAnswer.recovered(log.head(), false, List.of());
    }
    if (read instanceof TopicRead.Subscribe subscribe) {
      return banned.contains(subscribe.caller().user())
          ? TopicAnswer.denied("forbidden", "No.")
          : subscribe
              .since()
              .map(since -> since(log, since, subscribe.limit()))
              .orElseGet(() -> TopicAnswer.snapshot(log.head(), Payload.EMPTY_OBJECT));
    }
    TopicRead.CatchUp past = (TopicRead.CatchUp) read;
    return since(log, past.since(), past.limit());
  }

  private TopicAnswer since(Log log, StreamPosition since, int limit) {
    StreamPosition head = log.head();
    if (!since.epoch().equals(log.epoch)
        || since.offset() > head.offset()
        || since.offset() + 1 < firstKept) {
      return TopicAnswer.snapshot(head, Payload.EMPTY_OBJECT);
    }
    List<Publication> after =
        log.publications.subList((int) since.offset(), log.publications.size());
    boolean more = after.size() > limit;
    return TopicAnswer.recovered(head, more, List.copyOf(more ? after.subList(0, limit) : after));
  }

  // The mesh.

  @Override
  public Future<Void> attach(GatewayEndpoint told) {
    endpoint = told;
    return Future.succeededFuture();
  }

  @Override
  public Optional<ServiceDescriptor> owner(Topic topic) {
    return LOGS.topic(topic.prefix()).map(known -> LOGS);
  }

  @Override
  public Collection<ServiceDescriptor> services() {
    return List.of(LOGS);
  }

  @Override
  public Refusal noSuchTopic() {
    return Refusal.of("unknown-topic", "There is no such topic in the mesh.");
  }

  @Override
  public Future<Void> want(Topic topic) {
    wanted.add(topic);
    return Future.succeededFuture();
  }

  @Override
  public void unwant(Topic topic) {
    wanted.remove(topic);
  }

  boolean isWanted(Topic topic) {
    return wanted.contains(topic);
  }

  @Override
  public Future<TopicAnswer> read(TopicRead read) {
    asked.add(read);
    Promise<TopicAnswer> promise = Promise.promise();
    Runnable answering;
    if (isAway) {
      answering = () -> promise.fail(new ServiceUnavailableException("away"));
    } else {
      TopicAnswer answer = answer(read);
      answering = () -> promise.complete(answer);
    }
    if (holdsAnswers) {
      heldAnswers.addLast(answering);
    } else {
      turns.addLast(answering);
    }
    return promise.future();
  }

  @Override
  public void moved(Map<Topic, StreamPosition> known, PositionClient.Handler handler) {
    askedTogether.add(Set.copyOf(known.keySet()));
    List<Topic> moved = known.keySet().stream()
        .filter(topic -> isAway || !log(topic).head().equals(known.get(topic)))
        .toList();
    turns.addLast(() -> handler.on(moved));
  }

  @Override
  public Future<List<Publication>> recent(
      String node, Topic topic, StreamPosition after, int withinMs) {
    askedSender.add(topic);
    if (isSenderGone || !node.equals(SENDER)) {
      return Future.failedFuture(new ServiceUnavailableException("gone"));
    }
    Log log = log(topic);
    boolean reachesBack = after.epoch().equals(log.epoch) && after.offset() + 1 >= senderKeepsFrom;
    List<Publication> told = reachesBack
        ? List.copyOf(log.publications.subList((int) after.offset(), log.publications.size()))
        : List.of();
    Promise<List<Publication>> promise = Promise.promise();
    after(senderAnswersAfterMillis, () -> promise.complete(told));
    return promise.future();
  }

  @Override
  public void arrived(Observed observed) {}

  @Override
  public void departed(Observed observed) {}
}
