package io.madang.benchmarks.micro;

import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.descriptor.CommandDescriptor;
import io.madang.runtime.descriptor.CommandDescriptor.IdKind;
import io.madang.runtime.descriptor.Parameter;
import io.madang.runtime.descriptor.ParameterType;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.descriptor.TopicDescriptor;
import io.madang.runtime.mesh.Mesh;
import io.madang.runtime.service.MeshService;
import io.madang.runtime.service.ServiceContext;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.topic.Payload;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A command from the loop that has it to a service that only answers, and back, in the form of the wire: {@value #IN_FLIGHT}
 * of one connection at a time.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class CommandPathBenchmark {
  private static final int IN_FLIGHT = 256;
  private static final Payload ARGUMENTS = Payload.ofJson("{\"room\":\"dev\",\"text\":\"hello\"}");

  private final Vertx vertx = Vertx.vertx();
  private final Mesh mesh = Mesh.local(vertx, "bench", "gateway");
  private final Caller caller = Caller.person("u_mina", "mina", Set.of(), false, Optional.of("c1"));
  private final Context loop = vertx.getOrCreateContext();
  private long lastId;

  @Setup
  public void start() throws Exception {
    get(mesh.start());
    get(mesh.serve(new Answering()));
    while (!mesh.isAccepting("answering")) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    oneTopic();
  }

  @TearDown
  public void stop() throws Exception {
    get(mesh.stop());
    get(vertx.close());
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  /** All about one topic: in order. */
  @Benchmark
  @OperationsPerInvocation(IN_FLIGHT)
  public void oneTopic() throws Exception {
    all("say");
  }

  /** About nothing: in any order. */
  @Benchmark
  @OperationsPerInvocation(IN_FLIGHT)
  public void noTopic() throws Exception {
    all("sayAnywhere");
  }

  private void all(String name) throws Exception {
    CountDownLatch left = new CountDownLatch(IN_FLIGHT);
    loop.runOnContext(turn -> {
      for (int i = 0; i < IN_FLIGHT; i++) {
        String id = Long.toString(++lastId);
        mesh.client()
            .command("answering", new CommandCall(caller, name, id, ARGUMENTS))
            .onSuccess(done -> left.countDown());
      }
    });
    if (!left.await(10, TimeUnit.SECONDS)) {
      throw new IllegalStateException(left.getCount() + " commands were not answered");
    }
  }

  private static final class Answering implements MeshService {
    @Override
    public ServiceDescriptor descriptor() {
      Parameter[] parameters = {
        Parameter.required("room", ParameterType.text(1, 100)),
        Parameter.required("text", ParameterType.text(1, 100))
      };
      return new ServiceDescriptor(
          "answering",
          "1",
          List.of(TopicDescriptor.of(
              "spot", TopicDescriptor.History.NONE, TopicDescriptor.Pressure.DROP)),
          List.of(
              CommandDescriptor.of("say", IdKind.REPEATABLE, parameters).about("spot", "room"),
              CommandDescriptor.of("sayAnywhere", IdKind.REPEATABLE, parameters)),
          List.of(),
          List.of());
    }

    @Override
    public Future<?> start(ServiceContext context) {
      return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
      return Future.succeededFuture();
    }

    @Override
    public Future<CommandOutcome> command(CommandCall call) {
      return Future.succeededFuture(CommandOutcome.done(call.arguments()));
    }

    @Override
    public Future<TopicAnswer> subscribe(TopicRead.Subscribe read) {
      return none();
    }

    @Override
    public Future<TopicAnswer> catchUp(TopicRead.CatchUp read) {
      return none();
    }

    @Override
    public Future<TopicAnswer> authorise(TopicRead.Authorise read) {
      return none();
    }

    @Override
    public Future<TopicAnswer> history(TopicRead.History read) {
      return none();
    }

    private static Future<TopicAnswer> none() {
      return Future.succeededFuture(TopicAnswer.denied("unknown-topic", "There is none."));
    }
  }
}
