package io.madang.presence;

import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.inspect.Inspection;
import io.madang.runtime.inspect.MeshView;
import io.madang.runtime.membership.NodeInfo;
import io.madang.runtime.service.Publisher;
import io.madang.runtime.service.ServiceContext;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** presence-service on an event loop of its own, with fakes around it that record what it publishes. */
final class PresenceNode implements Publisher, ServiceContext.NodeView {
  private static final int ANSWER_SECONDS = 20;

  private final PresenceService service;
  private final Context loop;
  private final List<Publication> published = new CopyOnWriteArrayList<>();
  private final Set<String> liveGateways;

  /** Whether somebody is subscribed to what is told of single connections; to all else somebody is. */
  volatile boolean hearsConnections;

  /** @param liveGateways ids of the gateways that the mesh believes alive; may change */
  PresenceNode(Vertx vertx, PresenceConfig config, TestTime time, Set<String> liveGateways) {
    this.service = new PresenceService(config, time::skewMs);
    this.loop = vertx.getOrCreateContext();
    this.liveGateways = liveGateways;
    NodeInfo self = new NodeInfo("presence-1.a", "presence-1", Set.of("presence"));
    start(new ServiceContext(vertx, self, this, null, null, this, new SimpleMeterRegistry()));
  }

  private void start(ServiceContext context) {
    await(() -> service.start(context).mapEmpty());
  }

  void stop() {
    await(() -> service.stop().mapEmpty());
  }

  PresenceService service() {
    return service;
  }

  /** Runs on the node's loop and waits for what comes of it. */
  <T> T await(Supplier<Future<T>> work) {
    try {
      return begin(work)
          .toCompletionStage()
          .toCompletableFuture()
          .orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS)
          .join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException known ? known : e;
    }
  }

  /** Runs on the node's loop. */
  <T> Future<T> begin(Supplier<Future<T>> work) {
    return Future.future(promise -> loop.runOnContext(go -> work.get().onComplete(promise)));
  }

  Future<TopicAnswer> beginSubscribe(String topic) {
    return beginSubscribe(topic, Optional.empty(), 100);
  }

  Future<TopicAnswer> beginSubscribe(String topic, Optional<StreamPosition> since, int limit) {
    return begin(() -> service.subscribe(
        new TopicRead.Subscribe(Topic.parse(topic), person("reader"), since, limit)));
  }

  Future<CommandOutcome> setStatus(String user, String status) {
    Payload arguments = Payload.ofJson("{\"status\":\"" + status + "\"}");
    return service.command(new CommandCall(person(user), "setStatus", "id-1", arguments));
  }

  TopicAnswer.Granted subscribe(String topic) {
    return (TopicAnswer.Granted) subscribe(topic, Optional.empty());
  }

  TopicAnswer.Granted subscribe(String topic, StreamPosition since) {
    return (TopicAnswer.Granted) subscribe(topic, Optional.of(since));
  }

  TopicAnswer subscribe(String topic, Optional<StreamPosition> since) {
    Topic parsed = Topic.parse(topic);
    return await(
        () -> service.subscribe(new TopicRead.Subscribe(parsed, person("reader"), since, 100)));
  }

  TopicAnswer.Granted catchUp(String topic, StreamPosition since, int limit) {
    return (TopicAnswer.Granted)
        await(() -> service.catchUp(new TopicRead.CatchUp(Topic.parse(topic), since, limit)));
  }

  /** The ids in a snapshot, sorted. */
  List<String> users(String topic) {
    return subscribe(topic).snapshot().map(PresenceNode::ids).orElseThrow();
  }

  static List<String> ids(Payload snapshot) {
    return new JsonObject(snapshot.toString())
        .getJsonArray("users").stream()
            .map(user -> ((JsonObject) user).getString("id"))
            .sorted()
            .toList();
  }

  CommandOutcome command(Caller caller, String name, String arguments) {
    return await(
        () -> service.command(new CommandCall(caller, name, "id-1", Payload.ofJson(arguments))));
  }

  String done(Caller caller, String name, String arguments) {
    return ((CommandOutcome.Done) command(caller, name, arguments)).result().toString();
  }

  String refused(Caller caller, String name, String arguments) {
    return ((CommandOutcome.Refused) command(caller, name, arguments)).refusal().code();
  }

  static Caller person(String user, String... roles) {
    return Caller.person(
        user, user.toUpperCase(Locale.ROOT), Set.of(roles), false, Optional.empty());
  }

  /** What was published into a topic, {@code event user}, in the order of this node. */
  List<String> events(String topic) {
    return publications(topic).stream()
        .map(publication -> publication.event() + " " + publication.key().orElseThrow())
        .toList();
  }

  List<Publication> publications(String topic) {
    return published.stream()
        .filter(publication -> publication.topic().name().equals(topic))
        .toList();
  }

  List<Publication> published() {
    return List.copyOf(published);
  }

  /** Begins to record anew, with nothing of before still to come. */
  void forget() {
    await(service::sweepNow);
    published.clear();
  }

  @Override
  public void publish(List<Publication> publications) {
    published.addAll(publications);
  }

  @Override
  public Set<Topic> wanted(Collection<Topic> topics) {
    return Set.copyOf(topics);
  }

  @Override
  public boolean isWanted(Topic topic) {
    return hearsConnections || !Set.of("connections", "devices").contains(topic.prefix());
  }

  @Override
  public List<NodeInfo> live() {
    return liveGateways.stream()
        .map(id -> new NodeInfo(id, id.substring(0, id.lastIndexOf('.')), Set.of(NodeInfo.GATEWAY)))
        .toList();
  }

  @Override
  public Future<Payload> counters(NodeInfo node) {
    return Future.failedFuture(new UnsupportedOperationException("presence reads no counters"));
  }

  @Override
  public Future<Payload> look(MeshView view, Inspection inspection, Duration within) {
    return Future.failedFuture(new UnsupportedOperationException("presence looks at no mesh"));
  }
}
