package io.madang.runtime.mesh;

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
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A small real service: one log per topic in memory, an echo, and commands that fail in each way. */
public final class EchoService implements MeshService {
  static final StreamPosition START = new StreamPosition("e1", 0);

  private final Map<Topic, List<Publication>> logs = new HashMap<>();
  private ServiceContext context;
  private boolean stopped;

  /** When each {@code later} was done. */
  final List<String> done = Collections.synchronizedList(new ArrayList<>());

  @Override
  public ServiceDescriptor descriptor() {
    ParameterType text = ParameterType.text(1, 10);
    return new ServiceDescriptor(
            "echo",
            "1",
            List.of(TopicDescriptor.of("log", History.ALL, Pressure.CATCH_UP)),
            List.of(
                CommandDescriptor.of("say", IdKind.REPEATABLE, Parameter.required("text", text)),
                CommandDescriptor.of(
                        "put",
                        IdKind.REPEATABLE,
                        Parameter.required("log", text),
                        Parameter.required("text", text))
                    .about("log", "log"),
                CommandDescriptor.of("throw", IdKind.REPEATABLE),
                CommandDescriptor.of("fail", IdKind.REPEATABLE),
                CommandDescriptor.of("hang", IdKind.REPEATABLE),
                CommandDescriptor.of("later", IdKind.REPEATABLE),
                CommandDescriptor.of("linger", IdKind.REPEATABLE).lasting(Duration.ofSeconds(8)),
                CommandDescriptor.of("askBack", IdKind.REPEATABLE).lasting(Duration.ofSeconds(8)),
                CommandDescriptor.of("internalOnly", IdKind.REPEATABLE).forServices(),
                CommandDescriptor.of("adminOnly", IdKind.REPEATABLE).requiring("admin")),
            List.of(StreamDescriptor.of(
                "count", Parameter.required("to", ParameterType.whole(1, 1_000)))),
            List.of())
        .taking(
            UploadDescriptor.of(
                    "echoAll",
                    100,
                    200,
                    Parameter.optional("ahead", ParameterType.whole(1, 9), "2"))
                .lasting(Duration.ofSeconds(1), Duration.ofSeconds(20)),
            UploadDescriptor.of("slow", 100, 200)
                .lasting(Duration.ofSeconds(20), Duration.ofSeconds(1)),
            UploadDescriptor.of("breaks", 100, 200),
            UploadDescriptor.of("adminOnly2", 100, 200).requiring("admin"));
  }

  @Override
  public Future<?> start(ServiceContext serviceContext) {
    context = serviceContext;
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    stopped = true;
    return Future.succeededFuture();
  }

  @Override
  public Future<CommandOutcome> command(CommandCall call) {
    switch (call.name()) {
      case "throw":
        throw new IllegalStateException("planted");
      case "fail":
        return Future.failedFuture(new IOException("planted"));
      case "hang":
        return Promise.<CommandOutcome>promise().future();
      case "later":
        return context.vertx().timer(300, TimeUnit.MILLISECONDS).map(passed -> {
          done.add(stopped ? "too late" : "in time");
          return CommandOutcome.done(Payload.NULL);
        });
      case "linger":
        return context
            .vertx()
            .timer(CommandDescriptor.USUAL.toMillis() + 300, TimeUnit.MILLISECONDS)
            .map(passed -> {
              done.add("lingered");
              return CommandOutcome.done(Payload.NULL);
            });
      case "askBack":
        return context
            .clients()
            .ask(call.caller(), "Guess", List.of(Payload.ofJson("7")), Duration.ofSeconds(5))
            .map(CommandOutcome::done);
      case "put":
        JsonObject arguments = new JsonObject(call.arguments().toString());
        return Future.succeededFuture(put(arguments.getString("log"), call.arguments()));
      default:
        return Future.succeededFuture(CommandOutcome.done(call.arguments()));
    }
  }

  ServiceContext context() {
    return context;
  }

  private CommandOutcome put(String log, Payload data) {
    Topic topic = new Topic("log", log);
    List<Publication> publications = logs.computeIfAbsent(topic, t -> new ArrayList<>());
    long offset = publications.size() + 1L;
    Publication publication =
        Publication.log(topic, "put", new StreamPosition("e1", offset), offset - 1, 0, data);
    publications.add(publication);
    context.publisher().publish(publication);
    return CommandOutcome.done(Payload.ofJson("{\"offset\":" + offset + "}"));
  }

  @Override
  public Future<TopicAnswer> subscribe(TopicRead.Subscribe read) {
    return Future.succeededFuture(TopicAnswer.snapshot(head(read.topic()), Payload.EMPTY_OBJECT));
  }

  private StreamPosition head(Topic topic) {
    return new StreamPosition("e1", logs.getOrDefault(topic, List.of()).size());
  }

  @Override
  public Future<TopicAnswer> catchUp(TopicRead.CatchUp read) {
    if (read.topic().id().equals("broken")) {
      return Future.failedFuture(new IOException("planted"));
    }
    if (!read.since().epoch().equals(START.epoch())) {
      return Future.succeededFuture(TopicAnswer.snapshot(head(read.topic()), Payload.EMPTY_OBJECT));
    }
    List<Publication> log = logs.getOrDefault(read.topic(), List.of());
    return Future.succeededFuture(TopicAnswer.recovered(
        head(read.topic()), false, log.subList((int) read.since().offset(), log.size())));
  }

  @Override
  public Future<TopicAnswer> authorise(TopicRead.Authorise read) {
    return Future.succeededFuture(TopicAnswer.recovered(head(read.topic()), false, List.of()));
  }

  @Override
  public Future<TopicAnswer> history(TopicRead.History read) {
    return authorise(new TopicRead.Authorise(read.topic(), read.caller()));
  }

  /** What became of uploads that were not answered by us. */
  final List<String> cancelled = Collections.synchronizedList(new ArrayList<>());

  /** Lets a few items come at a time, says how many came, and answers with all of them; decodes base64. */
  @Override
  public UploadReceiver upload(UploadCall call, UploadSource source) {
    Integer ahead = new JsonObject(call.arguments().toString()).getInteger("ahead");
    source.more(ahead == null ? 1 : ahead);
    return new UploadReceiver() {
      private final JsonArray items = new JsonArray();

      @Override
      public void item(Payload item) {
        if (call.name().equals("breaks")) {
          throw new IllegalStateException("planted");
        }
        items.add(Json.decodeValue(item.toString()));
        source.progress(Payload.ofJson(String.valueOf(items.size())));
        if (!call.name().equals("slow")) {
          source.more(1);
        }
      }

      @Override
      public void end() {
        if (!call.name().equals("slow")) {
          source.reply(Payload.ofJson(items.encode()));
        }
      }

      @Override
      public void cancelled() {
        cancelled.add(call.name());
      }
    };
  }

  @Override
  public void stream(StreamCall call, StreamSink sink) {
    int to = new JsonObject(call.arguments().toString()).getInteger("to");
    int[] next = {1};
    Runnable send = () -> {
      while (next[0] <= to && sink.item(Payload.ofJson(Integer.toString(next[0])))) {
        next[0]++;
      }
      if (next[0] > to) {
        sink.complete();
      }
    };
    sink.onCredit(send);
    send.run();
  }
}
