package io.madang.gateway.edge;

import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.command.Effects;
import io.madang.runtime.command.Refusal;
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
import io.madang.runtime.service.ClientQuestion;
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
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A service of no business at all: says things in logs kept in memory, answers, refuses, breaks and counts. */
final class TestService implements MeshService {
  static final String NAME = "tester";
  private static final String EPOCH = "e1";

  /** So long the command {@code later} takes. */
  static final long LATER_MS = 700;

  /** What a log keeps, so that a million messages fill no memory. */
  volatile int kept = 20_000;

  /** The newest of each log. */
  private final Map<Topic, Deque<Publication>> logs = new HashMap<>();

  /** Subscriptions that are not answered before a test says so, by the ids of their topics. */
  private final Map<String, Held> held = new ConcurrentHashMap<>();

  private ServiceContext context;

  /** A subscription that came and is not answered. */
  private static final class Held {
    final CompletableFuture<Context> came = new CompletableFuture<>();
    final Promise<Void> released = Promise.promise();
  }

  /** Commands that reached the service, on any thread. */
  final AtomicInteger commands = new AtomicInteger();

  @Override
  public ServiceDescriptor descriptor() {
    Parameter log = Parameter.required("log", ParameterType.text(1, 64));
    Parameter text = Parameter.required("text", ParameterType.text(1, 10_000));
    return new ServiceDescriptor(
            NAME,
            "1",
            List.of(
                TopicDescriptor.of("log", History.ALL, Pressure.CATCH_UP).publishedThrough("say"),
                TopicDescriptor.of("quiet", History.ALL, Pressure.CATCH_UP)),
            List.of(
                CommandDescriptor.of("say", IdKind.REPEATABLE, log, text).about("log", "log"),
                CommandDescriptor.of(
                    "describe",
                    IdKind.REPEATABLE,
                    Parameter.optional("whole", ParameterType.whole(1, 200), "50"),
                    Parameter.optional("flag", ParameterType.flag()),
                    Parameter.optional("decimal", ParameterType.decimal(0, 1)),
                    Parameter.optional("names", ParameterType.listOf(ParameterType.text(1, 8), 3)),
                    Parameter.optional("options", ParameterType.object(1_000))),
                CommandDescriptor.of("whoAmI", IdKind.REPEATABLE),
                CommandDescriptor.of("later", IdKind.REPEATABLE),
                CommandDescriptor.of("refuse", IdKind.REPEATABLE),
                CommandDescriptor.of("explode", IdKind.REPEATABLE),
                CommandDescriptor.of("large", IdKind.REPEATABLE),
                CommandDescriptor.of(
                    "flood",
                    IdKind.REPEATABLE,
                    log,
                    Parameter.required("count", ParameterType.whole(1, 10_000)),
                    Parameter.required("bytes", ParameterType.whole(32, 10_000))),
                CommandDescriptor.of(
                        "join",
                        IdKind.REPEATABLE,
                        log,
                        Parameter.optional("since", ParameterType.whole(0, 1_000_000)))
                    .about("log", "log"),
                CommandDescriptor.of("leave", IdKind.REPEATABLE, log).about("log", "log"),
                CommandDescriptor.of("rule", IdKind.REPEATABLE).requiring("admin"),
                CommandDescriptor.of(
                        "askBack",
                        IdKind.REPEATABLE,
                        Parameter.required("target", ParameterType.text(1, 64)),
                        Parameter.optional("bytes", ParameterType.whole(2, 100_000), "2"),
                        Parameter.optional("withinMs", ParameterType.whole(1, 20_000), "20000"),
                        Parameter.optional("connection", ParameterType.text(1, 64)))
                    .lasting(Duration.ofSeconds(30)),
                CommandDescriptor.of("forbid", IdKind.REPEATABLE),
                CommandDescriptor.of("internal", IdKind.REPEATABLE).forServices()),
            List.of(
                StreamDescriptor.of(
                    "count", Parameter.required("to", ParameterType.whole(0, 1_000))),
                StreamDescriptor.of("idle")),
            List.of())
        .taking(UploadDescriptor.of("measure", 1_000, 10_000))
        .shownAt(TestHub.SHOWN);
  }

  /** Subscriptions of this topic wait from now on. */
  void hold(String log) {
    held.put(log, new Held());
  }

  /** Returns when one waits. */
  void awaitHeld(String log) {
    Context unused = held.get(log).came.orTimeout(10, TimeUnit.SECONDS).join();
  }

  /** What waits is answered. */
  void release(String log) {
    Held waiting = held.remove(log);
    waiting.came.join().runOnContext(turn -> waiting.released.complete());
  }

  @Override
  public Future<?> start(ServiceContext serviceContext) {
    context = serviceContext;
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    return Future.succeededFuture();
  }

  @Override
  public Future<CommandOutcome> command(CommandCall call) {
    commands.incrementAndGet();
    return switch (call.name()) {
      case "say" -> say(call);
      case "join" -> {
        Topic topic = logOf(call);
        Long since = new JsonObject(call.arguments().toString()).getLong("since");
        StreamPosition position = since == null ? head(topic) : new StreamPosition(EPOCH, since);
        yield Future.succeededFuture(
            CommandOutcome.done(Payload.NULL, new Effects(Map.of(topic, position), List.of())));
      }
      case "leave" ->
        Future.succeededFuture(
            CommandOutcome.done(Payload.NULL, new Effects(Map.of(), List.of(logOf(call)))));
      case "describe" -> done(call.arguments());
      case "whoAmI" ->
        done(json(new JsonObject().put("user", call.caller().user()).put("id", call.id())));
      case "later" ->
        context
            .vertx()
            .timer(LATER_MS, TimeUnit.MILLISECONDS)
            .compose(passed -> done(Payload.NULL));
      case "refuse" ->
        Future.succeededFuture(
            CommandOutcome.refused(Refusal.later("not-today", "Come back tomorrow.", 1_500)
                .withDetails(Payload.ofJson("{\"day\":\"tomorrow\"}"))));
      case "explode" -> throw new IllegalStateException("the inside of the service");
      case "forbid" ->
        Future.succeededFuture(CommandOutcome.refused("forbidden", "Not on a Sunday."));
      case "askBack" -> askBack(call).map(CommandOutcome::done);
      case "flood" -> flood(call);
      case "large" -> done(Payload.ofJson("\"" + "x".repeat(100_000) + "\""));
      default -> throw new IllegalStateException(call.name());
    };
  }

  private static Topic logOf(CommandCall call) {
    return new Topic("log", new JsonObject(call.arguments().toString()).getString("log"));
  }

  private Future<CommandOutcome> say(CommandCall call) {
    JsonObject arguments = new JsonObject(call.arguments().toString());
    Publication publication = publish(
        new Topic("log", arguments.getString("log")),
        json(new JsonObject().put("text", arguments.getString("text"))),
        call.id());
    return done(json(new JsonObject().put("offset", publication.offset())));
  }

  /** Asks who gave the command, or the connection that it names, with a string as long as JSON as it says. */
  private Future<Payload> askBack(CommandCall call) {
    JsonObject arguments = new JsonObject(call.arguments().toString());
    List<Payload> values =
        List.of(Payload.ofJson("\"" + "x".repeat(arguments.getInteger("bytes") - 2) + "\""));
    Duration within = Duration.ofMillis(arguments.getInteger("withinMs"));
    String target = arguments.getString("target");
    return arguments.containsKey("connection")
        ? context
            .clients()
            .ask(
                call.caller().gateway().orElseThrow(),
                new ClientQuestion(arguments.getString("connection"), target, values, within))
        : context.clients().ask(call.caller(), target, values, within);
  }

  private Future<CommandOutcome> flood(CommandCall call) {
    JsonObject arguments = new JsonObject(call.arguments().toString());
    Topic topic = new Topic("log", arguments.getString("log"));
    for (int i = 1; i <= arguments.getInteger("count"); i++) {
      String text = "number " + i + " ";
      int rest = arguments.getInteger("bytes") - "{'text':''}".length() - text.length();
      publish(topic, json(new JsonObject().put("text", text + "x".repeat(rest))), call.id());
    }
    return done(Payload.NULL);
  }

  private Publication publish(Topic topic, Payload data, String command) {
    long last = head(topic).offset();
    Publication publication = Publication.log(
            topic, "said", new StreamPosition(EPOCH, last + 1), last, 1_900_000_000_000L, data)
        .causedBy(command);
    Deque<Publication> log = logs.computeIfAbsent(topic, first -> new ArrayDeque<>());
    log.add(publication);
    if (log.size() > kept) {
      log.remove();
    }
    context.publisher().publish(publication);
    return publication;
  }

  private static Future<CommandOutcome> done(Payload result) {
    return Future.succeededFuture(CommandOutcome.done(result));
  }

  private static Payload json(JsonObject object) {
    return Payload.ofJson(object.encode());
  }

  @Override
  public Future<TopicAnswer> subscribe(TopicRead.Subscribe read) {
    if (read.topic().id().equals("secret")) {
      return Future.succeededFuture(
          TopicAnswer.denied("forbidden", "There is no such topic, or you may not hear it."));
    }
    Held holding = held.get(read.topic().id());
    if (holding == null) {
      return Future.succeededFuture(answer(read));
    }
    holding.came.complete(context.vertx().getOrCreateContext());
    return holding.released.future().map(released -> answer(read));
  }

  private TopicAnswer answer(TopicRead.Subscribe read) {
    return read.since()
        .map(since -> after(read.topic(), since, read.limit()))
        .orElseGet(() -> TopicAnswer.snapshot(head(read.topic()), Payload.EMPTY_OBJECT));
  }

  @Override
  public Future<TopicAnswer> catchUp(TopicRead.CatchUp read) {
    return Future.succeededFuture(after(read.topic(), read.since(), read.limit()));
  }

  @Override
  public Future<TopicAnswer> authorise(TopicRead.Authorise read) {
    return Future.succeededFuture(TopicAnswer.recovered(head(read.topic()), false, List.of()));
  }

  @Override
  public Future<TopicAnswer> history(TopicRead.History read) {
    List<Publication> page = log(read.topic()).stream()
        .filter(each -> each.offset() > read.after().orElse(0L))
        .filter(each -> each.offset() < read.before().orElse(Long.MAX_VALUE))
        .toList();
    boolean cut = page.size() > read.limit();
    List<Publication> shown = !cut
        ? page
        : read.after().isPresent()
            ? page.subList(0, read.limit())
            : page.subList(page.size() - read.limit(), page.size());
    return Future.succeededFuture(
        new TopicAnswer.Granted(head(read.topic()), true, cut, Optional.empty(), shown));
  }

  private TopicAnswer after(Topic topic, StreamPosition since, int limit) {
    boolean isKept = since.offset() + log(topic).size() >= head(topic).offset();
    if (!since.epoch().equals(EPOCH) || since.offset() > head(topic).offset() || !isKept) {
      return TopicAnswer.snapshot(head(topic), Payload.EMPTY_OBJECT);
    }
    List<Publication> later =
        log(topic).stream().filter(each -> each.offset() > since.offset()).toList();
    boolean more = later.size() > limit;
    return TopicAnswer.recovered(head(topic), more, more ? later.subList(0, limit) : later);
  }

  private Collection<Publication> log(Topic topic) {
    return logs.getOrDefault(topic, new ArrayDeque<>());
  }

  private StreamPosition head(Topic topic) {
    Deque<Publication> log = logs.get(topic);
    return new StreamPosition(EPOCH, log == null ? 0 : log.getLast().offset());
  }

  /** Uploads whose sender went away. */
  final AtomicInteger cancelledUploads = new AtomicInteger();

  /** Counts the bytes that come as base64, two items at a time. */
  @Override
  public UploadReceiver upload(UploadCall call, UploadSource source) {
    source.more(2);
    return new UploadReceiver() {
      private int bytes;

      @Override
      public void item(Payload item) {
        bytes += Base64.getDecoder().decode((String) Json.decodeValue(item.toString())).length;
        source.progress(Payload.ofJson(Integer.toString(bytes)));
        source.more(1);
      }

      @Override
      public void end() {
        source.reply(json(new JsonObject().put("bytes", bytes)));
      }

      @Override
      public void cancelled() {
        cancelledUploads.incrementAndGet();
      }
    };
  }

  /** Streams whose reader wants no more of them. */
  final AtomicInteger cancelledStreams = new AtomicInteger();

  @Override
  public void stream(StreamCall call, StreamSink sink) {
    sink.onCancel(cancelledStreams::incrementAndGet);
    if (call.name().equals("idle")) {
      return;
    }
    int to = new JsonObject(call.arguments().toString()).getInteger("to");
    int[] next = {1};
    Runnable send = () -> {
      while (next[0] <= to && sink.item(Payload.ofJson(Integer.toString(next[0])))) {
        next[0]++;
      }
      if (next[0] > to) {
        next[0] = Integer.MAX_VALUE;
        sink.complete();
      }
    };
    sink.onCredit(() -> {
      if (next[0] != Integer.MAX_VALUE) {
        send.run();
      }
    });
    send.run();
  }
}
