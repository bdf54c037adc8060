package io.madang.benchmarks.micro;

import io.madang.gateway.fanout.Bundle;
import io.madang.gateway.fanout.Encoded;
import io.madang.gateway.fanout.Encoding;
import io.madang.gateway.fanout.Fanout;
import io.madang.gateway.fanout.HubLimits;
import io.madang.gateway.fanout.HubMesh;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.gateway.fanout.Subscriber;
import io.madang.gateway.fanout.SubscriptionHub;
import io.madang.runtime.command.Caller;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.descriptor.TopicDescriptor;
import io.madang.runtime.mesh.GatewayEndpoint;
import io.madang.runtime.mesh.ask.PositionClient;
import io.madang.runtime.service.Observation.Observed;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executor;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * A batch from the bus to {@value #SUBSCRIBERS} connections of one loop, per delivery: put in order, encoded once, brought to each.
 * What the sockets make of it is not in it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class FanOutBenchmark {
  private static final int SUBSCRIBERS = 1_000;
  private static final int BATCH = 16;
  private static final Topic TOPIC = Topic.parse("bench:one");
  private static final String EPOCH = "b1946ac92492d234.7412.1";
  private static final Payload DATA =
      Payload.ofJson("{\"id\":\"01J0\",\"user\":{\"id\":\"u-17\",\"name\":\"mina\"},"
          + "\"text\":\"Shall we meet in the courtyard at noon, all of us?\"}");

  private final OwnedElsewhere mesh = new OwnedElsewhere();
  private long offset;
  private long brought;

  @Setup
  public void subscribe() {
    SubscriptionHub hub = new SubscriptionHub(
        mesh,
        (millis, task) -> () -> {},
        new Random(1),
        new HubLimits(Duration.ofSeconds(30), 1_048_576, 65_536),
        new SimpleMeterRegistry());
    hub.start();
    Fanout fanout = hub.newFanout(mesh.loop());
    for (int i = 0; i < SUBSCRIBERS; i++) {
      Subscriber subscriber = new Connected("c" + i);
      fanout.connected(subscriber);
      fanout.subscribe(subscriber, TOPIC, Optional.empty(), outcome -> {});
    }
    one();
    if (brought != SUBSCRIBERS) {
      throw new IllegalStateException("brought to " + brought + " of " + SUBSCRIBERS);
    }
  }

  @Benchmark
  @OperationsPerInvocation(SUBSCRIBERS)
  public long one() {
    mesh.publish(batch(1));
    return brought;
  }

  @Benchmark
  @OperationsPerInvocation(SUBSCRIBERS * BATCH)
  public long sixteenTogether() {
    mesh.publish(batch(BATCH));
    return brought;
  }

  private List<Publication> batch(int size) {
    List<Publication> batch = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      long previous = offset++;
      batch.add(Publication.log(
          TOPIC, "message", new StreamPosition(EPOCH, offset), previous, 1_767_000_000_000L, DATA));
    }
    return batch;
  }

  /** Publications as frames, one behind the other. */
  private record Frames(List<byte[]> texts) implements Encoded {
    private static final Encoding<Frames> ENCODING = publications ->
        new Frames(publications.stream().map(SharedPublication::nativeFrame).toList());

    @Override
    public void release() {
      // Nothing but memory.
    }
  }

  private final class Connected implements Subscriber {
    private final String connection;
    private final Caller caller;

    Connected(String connection) {
      this.connection = connection;
      this.caller =
          Caller.person("u-" + connection, connection, Set.of(), false, Optional.of(connection));
    }

    @Override
    public String connection() {
      return connection;
    }

    @Override
    public Caller caller() {
      return caller;
    }

    @Override
    public boolean takes(Bundle bundle) {
      brought += bundle.in(Frames.ENCODING).texts().size();
      return true;
    }

    @Override
    public int deliver(Topic topic, List<SharedPublication> publications) {
      throw new IllegalStateException("everything is taken at once");
    }

    @Override
    public boolean isLagging() {
      return false;
    }

    @Override
    public void gap(Topic topic, StreamPosition from, StreamPosition to) {
      throw new IllegalStateException("nothing is lost");
    }

    @Override
    public void ended(Topic topic, String reason) {
      throw new IllegalStateException("nobody is cut off");
    }
  }

  /** A mesh on the calling thread whose one topic is empty at first. */
  private static final class OwnedElsewhere implements HubMesh {
    private static final ServiceDescriptor BENCH = new ServiceDescriptor(
        "bench",
        "1",
        List.of(TopicDescriptor.of(
            "bench", TopicDescriptor.History.ALL, TopicDescriptor.Pressure.CATCH_UP)),
        List.of(),
        List.of(),
        List.of());

    private GatewayEndpoint endpoint;

    void publish(List<Publication> batch) {
      endpoint.onBatch("bench-1", batch, () -> {});
    }

    @Override
    public Executor loop() {
      return Runnable::run;
    }

    @Override
    public Future<Void> attach(GatewayEndpoint told) {
      endpoint = told;
      return Future.succeededFuture();
    }

    @Override
    public Optional<ServiceDescriptor> owner(Topic topic) {
      return Optional.of(BENCH);
    }

    @Override
    public Collection<ServiceDescriptor> services() {
      return List.of(BENCH);
    }

    @Override
    public Refusal noSuchTopic() {
      return Refusal.of("unknown-topic", "There is no such topic in the mesh.");
    }

    @Override
    public Future<Void> want(Topic topic) {
      return Future.succeededFuture();
    }

    @Override
    public void unwant(Topic topic) {
      // Nobody sends it but the benchmark.
    }

    @Override
    public Future<TopicAnswer> read(TopicRead read) {
      return Future.succeededFuture(
          TopicAnswer.snapshot(new StreamPosition(EPOCH, 0), Payload.ofJson("{}")));
    }

    @Override
    public void moved(Map<Topic, StreamPosition> known, PositionClient.Handler handler) {
      handler.on(List.of());
    }

    @Override
    public Future<List<Publication>> recent(
        String node, Topic topic, StreamPosition after, int withinMs) {
      return Future.failedFuture("nothing is lost");
    }

    @Override
    public void arrived(Observed observed) {
      // Nobody observes.
    }

    @Override
    public void departed(Observed observed) {
      // Nobody observes.
    }
  }
}
