package io.madang.benchmarks.service;

import static io.madang.runtime.descriptor.hub.HubValue.member;
import static io.madang.runtime.descriptor.hub.HubValue.time;

import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.descriptor.CommandDescriptor;
import io.madang.runtime.descriptor.CommandDescriptor.IdKind;
import io.madang.runtime.descriptor.Parameter;
import io.madang.runtime.descriptor.ParameterType;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.descriptor.StreamDescriptor;
import io.madang.runtime.descriptor.TopicDescriptor;
import io.madang.runtime.descriptor.TopicDescriptor.History;
import io.madang.runtime.descriptor.TopicDescriptor.Pressure;
import io.madang.runtime.descriptor.UploadDescriptor;
import io.madang.runtime.descriptor.hub.HubDescriptor;
import io.madang.runtime.descriptor.hub.HubGreeting;
import io.madang.runtime.descriptor.hub.HubListener;
import io.madang.runtime.descriptor.hub.HubMethod;
import io.madang.runtime.service.MeshService;
import io.madang.runtime.service.ServiceContext;
import io.madang.runtime.service.StreamCall;
import io.madang.runtime.service.StreamSink;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.service.UploadCall;
import io.madang.runtime.service.UploadReceiver;
import io.madang.runtime.service.UploadSource;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Future;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Owns {@code bench:1} to {@code bench:}{@value #TOPICS}, texts in the order they were published, the newest of each kept in
 * memory. Answers an echo, what its caller confirms, a stream of numbers and an upload that is summed. Open to everyone who is signed in.
 *
 * <p>Nothing of it outlives the process: the next one begins every topic anew, under another epoch.
 */
public final class BenchService implements MeshService {
  static final String PREFIX = "bench";
  static final int TOPICS = 100;
  private static final int MAX_TEXT = 1_000;
  private static final Duration CONFIRMED_WITHIN = Duration.ofSeconds(30);
  private static final int MAX_ITEM_BYTES = 32 * 1_024;
  private static final long MAX_UPLOAD_BYTES = 64L * 1_024 * 1_024;

  private final int kept;
  private final Clock clock;

  /** What the mesh gives; null before {@link #start}. */
  private ServiceContext context;

  /** Everything this service owns; null before {@link #start}. */
  private BenchLog log;

  /**
   * @param kept publications of one topic that are remembered, at least 1
   * @param clock tells when a text was accepted
   */
  public BenchService(int kept, Clock clock) {
    this.kept = kept;
    this.clock = clock;
  }

  @Override
  public ServiceDescriptor descriptor() {
    Parameter topic = Parameter.required("topic", ParameterType.whole(1, TOPICS));
    Parameter text = Parameter.required("text", ParameterType.text(1, MAX_TEXT));
    Parameter to = Parameter.required("to", ParameterType.whole(1, 1_000_000));
    return new ServiceDescriptor(
            "bench",
            "1",
            List.of(TopicDescriptor.of(PREFIX, History.WINDOW, Pressure.CATCH_UP)),
            List.of(
                CommandDescriptor.of("echo", IdKind.REPEATABLE, text),
                CommandDescriptor.of("confirm", IdKind.REPEATABLE, text)
                    .lasting(CONFIRMED_WITHIN.plusSeconds(5)),
                CommandDescriptor.of("publish", IdKind.CREATES, topic, text)
                    .about(PREFIX, "topic")),
            List.of(StreamDescriptor.of("count", to)),
            List.of())
        .taking(UploadDescriptor.of("sum", MAX_ITEM_BYTES, MAX_UPLOAD_BYTES))
        .shownAt(hub());
  }

  /** Clients of the hub {@code bench} hear the first topic from the moment they are there. */
  private static HubDescriptor hub() {
    return HubDescriptor.of("bench")
        .calling(
            HubMethod.command("Echo", "echo", "text").answering(),
            HubMethod.command("Confirm", "confirm", "text").answering())
        .hearing(HubListener.of(PREFIX, "text", "Heard", member("user"), member("text"), time()))
        .greeting(HubGreeting.subscribing(PREFIX + ":1"));
  }

  @Override
  public Future<?> start(ServiceContext serviceContext) {
    context = serviceContext;
    log = new BenchLog(context.self().incarnation(), kept);
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    return Future.succeededFuture();
  }

  // Commands.

  @Override
  public Future<CommandOutcome> command(CommandCall call) {
    return switch (call.name()) {
      case "echo" -> Future.succeededFuture(CommandOutcome.done(call.arguments()));
      case "confirm" -> confirm(call);
      case "publish" -> Future.succeededFuture(publish(call));
      default -> throw new IllegalStateException("the descriptor has no command " + call.name());
    };
  }

  private Future<CommandOutcome> confirm(CommandCall call) {
    String text = new JsonObject(call.arguments().toString()).getString("text");
    return context
        .clients()
        .ask(call.caller(), "Confirm", List.of(Payload.ofJson(Json.encode(text))), CONFIRMED_WITHIN)
        .map(CommandOutcome::done);
  }

  private CommandOutcome publish(CommandCall call) {
    JsonObject arguments = new JsonObject(call.arguments().toString());
    Topic topic = new Topic(PREFIX, arguments.getInteger("topic").toString());
    Payload data = Payload.ofJson(new JsonObject()
        .put("user", call.caller().name())
        .put("text", arguments.getString("text"))
        .encode());
    Optional<Publication> publication =
        log.append(topic, call.caller().user(), call.id(), clock.millis(), data);
    if (publication.isEmpty()) {
      return CommandOutcome.refused("conflict", "This id was used for another command.");
    }
    context.publisher().publish(publication.get());
    return CommandOutcome.done(resultOf(publication.get()));
  }

  private static Payload resultOf(Publication publication) {
    return Payload.ofJson(new JsonObject()
        .put("epoch", publication.position().orElseThrow().epoch())
        .put("offset", publication.offset())
        .encode());
  }

  // Topics.

  @Override
  public Future<TopicAnswer> subscribe(TopicRead.Subscribe read) {
    return answer(
        read.topic(),
        () -> read.since()
            .map(since -> log.after(read.topic(), since, read.limit()))
            .orElseGet(() -> log.snapshot(read.topic())));
  }

  @Override
  public Future<TopicAnswer> catchUp(TopicRead.CatchUp read) {
    return answer(read.topic(), () -> log.after(read.topic(), read.since(), read.limit()));
  }

  @Override
  public Future<TopicAnswer> authorise(TopicRead.Authorise read) {
    return answer(read.topic(), () -> log.snapshot(read.topic()));
  }

  @Override
  public Future<TopicAnswer> history(TopicRead.History read) {
    return answer(
        read.topic(), () -> log.page(read.topic(), read.after(), read.before(), read.limit()));
  }

  /** Unknown and forbidden answer alike; here everyone may hear every topic that there is. */
  private static Future<TopicAnswer> answer(Topic topic, Supplier<TopicAnswer> answer) {
    return Future.succeededFuture(
        isOurs(topic)
            ? answer.get()
            : TopicAnswer.denied("forbidden", "There is no such topic, or you may not hear it."));
  }

  /** One name for each topic: {@code bench:07} is not {@code bench:7} written otherwise. */
  private static boolean isOurs(Topic topic) {
    return topic.id().matches("[1-9]\\d{0,2}") && Integer.parseInt(topic.id()) <= TOPICS;
  }

  // Streams and uploads.

  @Override
  public void stream(StreamCall call, StreamSink sink) {
    JsonObject arguments = new JsonObject(call.arguments().toString());
    CountStream.open(arguments.getInteger("to"), sink);
  }

  @Override
  public UploadReceiver upload(UploadCall call, UploadSource source) {
    return SumUpload.open(source);
  }
}
