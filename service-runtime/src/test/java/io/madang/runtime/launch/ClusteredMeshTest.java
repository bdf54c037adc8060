package io.madang.runtime.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.config.Secret;
import io.madang.runtime.mesh.EchoService;
import io.madang.runtime.mesh.GatewayEndpoint;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two processes of a mesh, each with its own Vert.x and cluster member, in one JVM. */
@Tag("cluster")
@DisplayNameGeneration(ReplaceUnderscores.class)
class ClusteredMeshTest {
  private static final Caller MINA =
      Caller.person("u_mina", "mina", Set.of(), false, Optional.of("c1"));

  private final String cluster = "test-" + UUID.randomUUID();
  private final int servicePort = FreePorts.free("127.0.0.1");
  private final int gatewayPort = FreePorts.free("127.0.0.1");
  private final MeshProcess service = new MeshProcess(
      config("echo-1", servicePort), List.of(new ServiceRole(new EchoService())), true);

  /** A role that is a gateway and nothing else. */
  private static final class GatewayOnly implements Role {
    private final List<Publication> heard = Collections.synchronizedList(new ArrayList<>());

    @Override
    public String name() {
      return "gateway";
    }

    @Override
    public Future<?> start(RoleContext context) {
      return context.mesh().attach(new GatewayEndpoint() {
        @Override
        public void onBatch(List<Publication> publications) {
          heard.addAll(publications);
        }

        @Override
        public void onEvidence(String service) {}
      });
    }

    @Override
    public Future<?> stop() {
      return Future.succeededFuture();
    }
  }

  private final GatewayOnly endpoint = new GatewayOnly();
  private final MeshProcess gateway =
      new MeshProcess(config("gateway-1", gatewayPort), List.of(endpoint), true);

  private NodeConfig config(String name, int port) {
    NodeConfig defaults = NodeConfig.defaults();
    return new NodeConfig(
        name,
        defaults.healthHost(),
        0,
        cluster,
        "127.0.0.1",
        port,
        0,
        0,
        0,
        List.of("127.0.0.1:" + servicePort, "127.0.0.1:" + gatewayPort),
        Optional.empty(),
        new Secret("what the nodes of a test share"),
        defaults.adminSecret(),
        defaults.stopWithin(),
        defaults.settling(),
        false,
        defaults.batches());
  }

  @BeforeEach
  void start() {
    service.start(Duration.ofSeconds(30));
    gateway.start(Duration.ofSeconds(30));
  }

  @AfterEach
  void stop() {
    gateway.stop();
    service.stop();
  }

  @Test
  void what_a_service_publishes_reaches_the_gateway_of_another_process_in_order() throws Exception {
    await()
        .atMost(10, TimeUnit.SECONDS)
        .until(() -> gateway.mesh().directory().service("echo").isPresent());
    Topic topic = Topic.parse("log:a");
    Future<Void> wanted = Future.future(promise -> gateway
        .mesh()
        .loop()
        .runOnContext(turn -> gateway.mesh().gatewayLink().want(topic).onComplete(promise)));
    wanted.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);

    for (int i = 1; i <= 300; i++) {
      CommandOutcome outcome = gateway
          .mesh()
          .client()
          .command(
              "echo",
              new CommandCall(MINA, "put", "id" + i, Payload.ofJson("[\"a\",\"" + i + "\"]")))
          .toCompletionStage()
          .toCompletableFuture()
          .get(10, TimeUnit.SECONDS);
      assertThat(outcome).isInstanceOf(CommandOutcome.Done.class);
    }

    await().atMost(10, TimeUnit.SECONDS).until(() -> endpoint.heard.size() == 300);
    List<Long> offsets = endpoint.heard.stream().map(Publication::offset).toList();
    assertThat(offsets).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void a_node_that_leaves_is_gone_for_the_others() {
    await().atMost(10, TimeUnit.SECONDS).until(() -> gateway.mesh().live().size() == 2);
    service.stop();
    await().atMost(10, TimeUnit.SECONDS).until(() -> gateway.mesh().live().size() == 1);
  }
}
