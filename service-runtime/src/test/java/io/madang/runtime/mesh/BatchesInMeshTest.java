package io.madang.runtime.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.madang.runtime.bus.BusMessage;
import io.madang.runtime.bus.BusMessage.Batch;
import io.madang.runtime.bus.FaultPoints;
import io.madang.runtime.bus.MeshBus;
import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandCall;
import io.madang.runtime.host.BatchLimits;
import io.madang.runtime.membership.Neighbours;
import io.madang.runtime.metrics.MeterNames;
import io.madang.runtime.service.ServiceUnavailableException;
import io.madang.runtime.time.NodeTime;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Batches from a hosted service to a gateway over the real bus, in their wire form. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class BatchesInMeshTest {
  private static final Caller MINA =
      Caller.person("u_mina", "mina", Set.of(), false, Optional.of("c1"));
  private static final Topic TOPIC = Topic.parse("log:a");

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Slow gateway = new Slow();
  private Mesh mesh;

  /** How many of the next batches the bus loses. */
  private final AtomicInteger toLose = new AtomicInteger();

  private final FaultPoints losing = new FaultPoints() {
    @Override
    public void leaving(String target, BusMessage message, Runnable onward) {
      boolean isLost =
          message instanceof Batch && toLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
      if (!isLost) {
        onward.run();
      }
    }
  };

  /** A gateway whose loops take nothing until it is told, and which breaks when it is told. */
  private static final class Slow implements GatewayEndpoint {
    private final List<Long> heard = Collections.synchronizedList(new ArrayList<>());
    private final List<Runnable> notTaken = Collections.synchronizedList(new ArrayList<>());
    private final List<Map<Topic, StreamPosition>> leftOut =
        Collections.synchronizedList(new ArrayList<>());
    private final List<String> evidence = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean taking;
    private volatile boolean breaking;

    @Override
    public void onBatch(List<Publication> publications) {
      throw new IllegalStateException("the other one is called");
    }

    @Override
    public void onBatch(String node, List<Publication> publications, Runnable taken) {
      publications.forEach(publication -> heard.add(publication.offset()));
      if (breaking) {
        throw new IllegalStateException("broken on purpose");
      }
      if (taking) {
        taken.run();
      } else {
        notTaken.add(taken);
      }
    }

    @Override
    public void onLeftOut(String node, Map<Topic, StreamPosition> newest) {
      leftOut.add(newest);
    }

    @Override
    public void onEvidence(String service) {
      evidence.add(service);
    }

    void takeAll() {
      taking = true;
      List.copyOf(notTaken).forEach(Runnable::run);
    }
  }

  @BeforeEach
  void start() throws Exception {
    MeshBus.register(vertx, true);
    mesh = new Mesh(
        vertx,
        Mesh.newIncarnation("test", Set.of("gateway", "echo")),
        Neighbours.none(),
        meters,
        new BatchLimits(16, 1_048_576, 100, Duration.ofMillis(50), 100_000),
        NodeTime.system(),
        losing);
    get(mesh.start());
    get(mesh.serve(new EchoService()));
    get(mesh.attach(gateway));
    Promise<Void> wanted = Promise.promise();
    mesh.loop().runOnContext(turn -> mesh.gatewayLink().want(TOPIC).onComplete(wanted));
    get(wanted.future());
  }

  @AfterEach
  void stop() throws Exception {
    // Else it would wait for the loops, as long as a stop may.
    gateway.takeAll();
    get(mesh.stop());
    get(vertx.close());
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  /** Each in a turn of its own. */
  private void put(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      get(mesh.client()
          .command("echo", new CommandCall(MINA, "put", "id", Payload.ofJson("[\"a\",\"x\"]"))));
    }
  }

  private double batches(String outcome) {
    return meters
        .get(MeterNames.BATCHES)
        .tag(MeterNames.OUTCOME, outcome)
        .counter()
        .count();
  }

  @Test
  void what_the_loops_have_not_taken_is_sent_again_and_heard_once() throws Exception {
    put(1);
    await().atMost(5, TimeUnit.SECONDS).until(() -> batches("resent") >= 2);
    assertThat(gateway.heard).containsExactly(1L);
  }

  @Test
  void what_the_bus_loses_is_sent_again_until_the_gateway_has_it() throws Exception {
    gateway.takeAll();
    toLose.set(5);
    put(3);
    await().atMost(5, TimeUnit.SECONDS).until(() -> gateway.heard.size() >= 3);
    assertThat(gateway.heard).containsExactlyInAnyOrder(1L, 2L, 3L);
  }

  @Test
  void what_they_have_taken_is_not_sent_again() throws Exception {
    gateway.takeAll();
    put(30);
    await().atMost(5, TimeUnit.SECONDS).until(() -> gateway.heard.size() == 30);
    double resent = batches("resent");
    put(1);
    await()
        .during(300, TimeUnit.MILLISECONDS)
        .atMost(5, TimeUnit.SECONDS)
        .untilAsserted(() -> assertThat(batches("resent")).isEqualTo(resent));
    assertThat(batches("sent")).isEqualTo(31);
  }

  @Test
  void no_more_than_the_bound_is_sent_ahead_and_the_rest_is_told_as_a_position() throws Exception {
    put(40);
    await().atMost(5, TimeUnit.SECONDS).until(() -> gateway.heard.size() == 16);
    assertThat(batches("sent")).isEqualTo(16);

    gateway.takeAll();
    await().atMost(5, TimeUnit.SECONDS).until(() -> !gateway.leftOut.isEmpty());
    assertThat(gateway.heard).hasSize(16);
    assertThat(gateway.leftOut)
        .singleElement()
        .satisfies(newest -> assertThat(newest.get(TOPIC).offset()).isEqualTo(40));
    put(1);
    await().atMost(5, TimeUnit.SECONDS).until(() -> gateway.heard.contains(41L));
  }

  private Future<List<Long>> recent(String node, Topic topic, long after) {
    Promise<List<Long>> told = Promise.promise();
    mesh.loop()
        .runOnContext(turn -> mesh.recent()
            .ask(node, topic, new StreamPosition("e1", after), 2_000)
            .map(publications -> publications.stream().map(Publication::offset).toList())
            .onComplete(told));
    return told.future();
  }

  @Test
  void what_a_node_has_published_it_tells_again_to_who_asks() throws Exception {
    put(4);
    assertThat(get(recent(mesh.self().id(), TOPIC, 0))).containsExactly(1L, 2L, 3L, 4L);
    assertThat(get(recent(mesh.self().id(), TOPIC, 3))).containsExactly(4L);
    assertThat(get(recent(mesh.self().id(), TOPIC, 4))).isEmpty();
  }

  @Test
  void what_nobody_wants_a_node_does_not_keep() throws Exception {
    get(mesh.client()
        .command("echo", new CommandCall(MINA, "put", "id", Payload.ofJson("[\"b\",\"x\"]"))));
    assertThat(get(recent(mesh.self().id(), Topic.parse("log:b"), 0))).isEmpty();
  }

  @Test
  void a_node_that_is_not_there_is_not_asked() throws Exception {
    put(1);
    assertThatThrownBy(() -> get(recent("echo-7.zzz", TOPIC, 0)))
        .hasCauseInstanceOf(ServiceUnavailableException.class);
  }

  @Test
  void a_node_that_hosts_the_service_no_more_says_so() throws Exception {
    gateway.takeAll();
    put(1);
    get(mesh.withdraw("echo"));
    assertThatThrownBy(() -> get(recent(mesh.self().id(), TOPIC, 0)))
        .hasCauseInstanceOf(ServiceUnavailableException.class);
  }

  @Test
  void one_that_breaks_the_gateway_does_not_come_again_and_positions_are_compared()
      throws Exception {
    gateway.breaking = true;
    put(1);
    await().atMost(5, TimeUnit.SECONDS).until(() -> gateway.evidence.contains("echo"));
    gateway.breaking = false;
    gateway.takeAll();
    put(1);
    await().atMost(5, TimeUnit.SECONDS).until(() -> gateway.heard.contains(2L));
    assertThat(gateway.heard).containsExactly(1L, 2L);
  }
}
