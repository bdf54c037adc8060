package io.madang.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.membership.NodeInfo;
import io.madang.runtime.service.Publisher;
import io.madang.runtime.service.ServiceAsker;
import io.madang.runtime.service.ServiceContext;
import io.madang.runtime.service.StreamCall;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.service.UploadCall;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** One chat-service on a loop of its own, without a mesh: commands go in, what it publishes and asks is kept. */
final class ChatNode implements Publisher {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PATIENCE_S = 20;

  final Queue<Publication> heard = new ConcurrentLinkedQueue<>();
  final Set<Topic> wanted = new CopyOnWriteArraySet<>();
  final MeterRegistry metrics = new SimpleMeterRegistry();

  /** What the service asked of others. */
  final List<CommandCall> asked = new CopyOnWriteArrayList<>();

  /** What others answer. */
  volatile Supplier<Future<CommandOutcome>> others =
      () -> Future.succeededFuture(CommandOutcome.done(Payload.EMPTY_OBJECT));

  private final Context loop;
  private final ChatService service;
  private final ServiceContext context;

  private ChatNode(Vertx vertx, String name, ChatConfig config) {
    this.loop = ((VertxInternal) vertx).createEventLoopContext();
    this.service = new ChatService(config);
    ServiceAsker asker = (to, call) -> {
      asked.add(call);
      return others.get();
    };
    this.context = new ServiceContext(
        vertx, new NodeInfo(name + ".1", name, Set.of("chat")), this, asker, null, null, metrics);
  }

  static ChatNode start(Vertx vertx, String name, ChatConfig config) {
    ChatNode node = new ChatNode(vertx, name, config);
    get(node.onLoop(() -> node.service.start(node.context).mapEmpty()));
    return node;
  }

  void stop() {
    get(onLoop(() -> service.stop().mapEmpty()));
  }

  static Caller user(String name) {
    return Caller.person("u_" + name, name, Set.of(), false, Optional.of("c_" + name));
  }

  static Caller guest(String name) {
    return Caller.person("g_" + name, name, Set.of(), true, Optional.of("c_" + name));
  }

  static Caller withRole(String name, String role) {
    return Caller.person("u_" + name, name, Set.of(role), false, Optional.of("c_" + name));
  }

  static String newId() {
    return UUID.randomUUID().toString();
  }

  /** Gives a command without waiting for it. */
  Future<CommandOutcome> give(Caller caller, String id, String name, String arguments) {
    CommandCall call = new CommandCall(caller, name, id, Payload.ofJson(arguments));
    return onLoop(() -> service.command(call));
  }

  CommandOutcome command(Caller caller, String id, String name, String arguments) {
    return get(give(caller, id, name, arguments.replace('\'', '"')));
  }

  /** The result of a command that must be done. */
  JsonNode done(Caller caller, String name, String arguments) {
    return result(command(caller, newId(), name, arguments));
  }

  /** The refusal of a command that must be refused. */
  Refusal refused(Caller caller, String name, String arguments) {
    return refusal(command(caller, newId(), name, arguments));
  }

  static JsonNode result(CommandOutcome outcome) {
    if (outcome instanceof CommandOutcome.Refused refused) {
      throw new AssertionError("refused: " + refused.refusal());
    }
    return json(((CommandOutcome.Done) outcome).result());
  }

  static Refusal refusal(CommandOutcome outcome) {
    if (outcome instanceof CommandOutcome.Done done) {
      throw new AssertionError("done: " + done.result());
    }
    return ((CommandOutcome.Refused) outcome).refusal();
  }

  static JsonNode json(Payload payload) {
    try {
      return JSON.readTree(payload.toString());
    } catch (JsonProcessingException e) {
      throw new AssertionError(payload.toString(), e);
    }
  }

  TopicAnswer subscribe(Caller caller, String topic, StreamPosition since) {
    return get(beginSubscribe(caller, topic, Optional.ofNullable(since), 500));
  }

  /** Subscribes without waiting for it. */
  Future<TopicAnswer> beginSubscribe(
      Caller caller, String topic, Optional<StreamPosition> since, int limit) {
    TopicRead.Subscribe read = new TopicRead.Subscribe(Topic.parse(topic), caller, since, limit);
    return onLoop(() -> service.subscribe(read));
  }

  /** Subscribes where it must be granted. */
  TopicAnswer.Granted granted(Caller caller, String topic, StreamPosition since) {
    TopicAnswer answer = subscribe(caller, topic, since);
    if (answer instanceof TopicAnswer.Granted granted) {
      return granted;
    }
    throw new AssertionError(topic + " is denied to " + caller.user());
  }

  boolean mayHear(Caller caller, String topic) {
    return subscribe(caller, topic, null) instanceof TopicAnswer.Granted;
  }

  TopicAnswer catchUp(String topic, StreamPosition since, int limit) {
    return get(
        onLoop(() -> service.catchUp(new TopicRead.CatchUp(Topic.parse(topic), since, limit))));
  }

  TopicAnswer authorise(Caller caller, String topic) {
    return get(
        onLoop(() -> service.authorise(new TopicRead.Authorise(Topic.parse(topic), caller))));
  }

  TopicAnswer history(Caller caller, String topic, Long after, Long before, int limit) {
    return get(onLoop(() -> service.history(new TopicRead.History(
        Topic.parse(topic),
        caller,
        Optional.ofNullable(after),
        Optional.ofNullable(before),
        limit))));
  }

  /** Sends these parts of an upload, each when it is asked for; the answer as a command's. */
  Future<CommandOutcome> append(Caller caller, String arguments, List<byte[]> parts) {
    SentParts sent = new SentParts(parts);
    UploadCall call =
        new UploadCall(caller, "appendUpload", Payload.ofJson(arguments.replace('\'', '"')));
    return onLoop(() -> {
      sent.to(service.upload(call, sent));
      return sent.answer();
    });
  }

  /** Reads an upload to its end, one item at a time; the answer as a command's, with the bytes in hex. */
  Future<CommandOutcome> read(Caller caller, String upload) {
    ReadParts read = new ReadParts();
    StreamCall call =
        new StreamCall(caller, "readUpload", Payload.ofJson("{\"upload\":\"" + upload + "\"}"));
    return onLoop(() -> {
      service.stream(call, read);
      return read.answer();
    });
  }

  /** What was published into a topic so far. */
  List<Publication> heardOf(String topic) {
    return heard.stream().filter(p -> p.topic().name().equals(topic)).toList();
  }

  List<String> eventsOf(String topic) {
    return heardOf(topic).stream().map(Publication::event).toList();
  }

  Publication lastOf(String topic) {
    List<Publication> of = heardOf(topic);
    return of.get(of.size() - 1);
  }

  private <T> Future<T> onLoop(Supplier<Future<T>> work) {
    Promise<T> promise = Promise.promise();
    loop.runOnContext(turn -> {
      try {
        work.get().onComplete(promise);
      } catch (RuntimeException e) {
        promise.fail(e);
      }
    });
    return promise.future();
  }

  static <T> T get(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(PATIENCE_S, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void publish(List<Publication> publications) {
    heard.addAll(publications);
  }

  @Override
  public Set<Topic> wanted(Collection<Topic> topics) {
    return topics.stream().filter(wanted::contains).collect(Collectors.toSet());
  }

  @Override
  public boolean isWanted(Topic topic) {
    return wanted.contains(topic);
  }
}
