package io.madang.runtime.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.descriptor.CommandDescriptor;
import io.madang.runtime.descriptor.CommandDescriptor.IdKind;
import io.madang.runtime.descriptor.Parameter;
import io.madang.runtime.descriptor.ParameterType;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.descriptor.TopicDescriptor;
import io.madang.runtime.descriptor.TopicDescriptor.History;
import io.madang.runtime.descriptor.TopicDescriptor.Pressure;
import io.madang.runtime.mesh.GatewayEndpoint;
import io.madang.runtime.service.MeshService;
import io.madang.runtime.service.ServiceContext;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A gateway and two nodes of a service around one store, each a member of a real cluster, in one JVM. */
@Tag("cluster")
@DisplayNameGeneration(ReplaceUnderscores.class)
class PipelinedCommandsOnTheBusTest {
  private static final Caller MINA =
      Caller.person("u_mina", "mina", Set.of(), false, Optional.of("c1"));
  private static final int IN_FLIGHT = 64;

  private final String cluster = "test-" + UUID.randomUUID();
  private final int gatewayPort = FreePorts.free("127.0.0.1");
  private final List<MeshProcess> running = new ArrayList<>();

  /** Ids in the order of their first execution, at whichever node: the store. */
  private final Set<String> noted = Collections.synchronizedSet(new LinkedHashSet<>());

  /** Notes each command's id, once, a little later: one in order behind the other, as a store would. */
  private final class Noting implements MeshService {
    private final int delayMs;
    private ServiceContext context;

    Noting(int delayMs) {
      this.delayMs = delayMs;
    }

    @Override
    public ServiceDescriptor descriptor() {
      Parameter log = Parameter.required("log", ParameterType.text(1, 10));
      return new ServiceDescriptor(
          "noting",
          "1",
          List.of(TopicDescriptor.of("log", History.NONE, Pressure.DROP)),
          List.of(CommandDescriptor.of("note", IdKind.CREATES, log).about("log", "log")),
          List.of(),
          List.of());
    }

    @Override
    public Future<?> start(ServiceContext given) {
      context = given;
      return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
      return Future.succeededFuture();
    }

    @Override
    public Future<CommandOutcome> command(CommandCall call) {
      return context.vertx().timer(delayMs, TimeUnit.MILLISECONDS).map(passed -> {
        noted.add(call.id());
        return CommandOutcome.done(Payload.NULL);
      });
    }

    @Override
    public Future<TopicAnswer> subscribe(TopicRead.Subscribe read) {
      return nothing();
    }

    @Override
    public Future<TopicAnswer> catchUp(TopicRead.CatchUp read) {
      return nothing();
    }

    @Override
    public Future<TopicAnswer> authorise(TopicRead.Authorise read) {
      return nothing();
    }

    @Override
    public Future<TopicAnswer> history(TopicRead.History read) {
      return nothing();
    }

    private Future<TopicAnswer> nothing() {
      return Future.succeededFuture(TopicAnswer.denied("forbidden", "There is none."));
    }
  }

  private static final class GatewayOnly implements Role {
    @Override
    public String name() {
      return "gateway";
    }

    @Override
    public Future<?> start(RoleContext context) {
      return context.mesh().attach(new GatewayEndpoint() {
        @Override
        public void onBatch(List<Publication> publications) {}

        @Override
        public void onEvidence(String service) {}
      });
    }

    @Override
    public Future<?> stop() {
      return Future.succeededFuture();
    }
  }

  private MeshProcess start(String name, int port, Role role) {
    NodeConfig defaults = NodeConfig.defaults();
    NodeConfig config = new NodeConfig(
        name,
        defaults.healthHost(),
        0,
        cluster,
        "127.0.0.1",
        port,
        0,
        0,
        0,
        List.of("127.0.0.1:" + gatewayPort),
        Optional.empty(),
        defaults.clusterSecret(),
        defaults.adminSecret(),
        defaults.stopWithin(),
        defaults.settling(),
        false,
        defaults.batches());
    MeshProcess process = new MeshProcess(config, List.of(role), true);
    running.add(process);
    process.start(Duration.ofSeconds(30));
    return process;
  }

  private MeshProcess startService(String name, int delayMs) {
    MeshProcess process =
        start(name, FreePorts.free("127.0.0.1"), new ServiceRole(new Noting(delayMs)));
    await().atMost(20, TimeUnit.SECONDS).until(() -> process.mesh().isAccepting("noting"));
    return process;
  }

  @AfterEach
  void stopAll() {
    running.forEach(MeshProcess::stop);
  }

  /** What the slow node has not noted yet when a quick one takes over would come behind, were it not waited for. */
  @Test
  void when_a_quick_node_takes_over_from_a_slow_one_that_stops_and_another_from_that()
      throws Exception {
    MeshProcess gateway = start("gateway-1", gatewayPort, new GatewayOnly());
    MeshProcess slow = startService("noting-1", 20);
    await()
        .atMost(20, TimeUnit.SECONDS)
        .until(() -> gateway.mesh().live().size() == 2
            && gateway.mesh().directory().service("noting").isPresent());

    Sender sender = new Sender(gateway);
    sender.start();
    MeshProcess quick = startService("noting-2", 1);
    slow.stop();
    startService("noting-3", 10);
    quick.stop();
    sender.finish();

    assertThat(sender.failures).isEmpty();
    assertThat(noted).containsExactlyElementsOf(sender.given);
    assertThat(sender.given).hasSizeGreaterThan(IN_FLIGHT * 10);
  }

  /** Gives one command after the other, {@value #IN_FLIGHT} unanswered at a time, until told to finish. */
  private static final class Sender extends Thread {
    private final MeshProcess gateway;
    private final List<String> given = new ArrayList<>();
    private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
    private final Semaphore room = new Semaphore(IN_FLIGHT);
    private volatile boolean finishing;

    Sender(MeshProcess gateway) {
      this.gateway = gateway;
    }

    @Override
    public void run() {
      while (!finishing) {
        room.acquireUninterruptibly();
        String id = "id" + given.size();
        given.add(id);
        gateway
            .mesh()
            .client()
            .command("noting", new CommandCall(MINA, "note", id, Payload.ofJson("[\"a\"]")))
            .onFailure(failure -> failures.add(id + ": " + failure.getMessage()))
            .onSuccess(outcome -> {
              if (outcome instanceof CommandOutcome.Refused refused) {
                failures.add(id + ": " + refused.refusal());
              }
            })
            .onComplete(answered -> room.release());
      }
    }

    void finish() throws InterruptedException {
      finishing = true;
      join();
      assertThat(room.tryAcquire(IN_FLIGHT, 20, TimeUnit.SECONDS)).isTrue();
    }
  }
}
