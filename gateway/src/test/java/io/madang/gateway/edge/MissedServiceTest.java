package io.madang.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.madang.gateway.GatewayConfig;
import io.madang.gateway.GatewayRole;
import io.madang.gateway.identity.OriginPolicy;
import io.madang.runtime.config.Settings;
import io.madang.runtime.health.Health;
import io.madang.runtime.launch.RoleContext;
import io.madang.runtime.membership.Neighbours;
import io.madang.runtime.membership.NodeInfo;
import io.madang.runtime.mesh.Mesh;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two nodes of one mesh on one bus: a gateway, and the service it will miss. */
@Tag("slow")
@DisplayNameGeneration(ReplaceUnderscores.class)
class MissedServiceTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Vertx vertx = Vertx.vertx();
  private final Mesh gatewayMesh = Mesh.local(vertx, "gateway", NodeInfo.GATEWAY);
  private final Health health = new Health();
  private final GatewayRole role = new GatewayRole(
      GatewayConfig.from(new Settings(Map.of(
          "MADANG_HTTP_PORT", "0",
          "MADANG_HTTP_LOOPS", "2",
          "MADANG_MISSED_SERVICE_UNREADY_MS", "500",
          "MADANG_MISSED_SERVICE_CLOSE_MS", "1500"))),
      OriginPolicy.of(List.of()),
      new FakeSignIn(),
      Optional.empty());

  @BeforeEach
  void start() {
    RunningGateway.get(gatewayMesh.start());
    RunningGateway.get(
        role.start(new RoleContext(vertx, gatewayMesh, health, new SimpleMeterRegistry())));
  }

  @AfterEach
  void stop() {
    RunningGateway.get(role.stop());
    RunningGateway.get(gatewayMesh.stop());
    RunningGateway.get(vertx.close());
  }

  private Mesh serviceStarts() {
    NodeInfo self = Mesh.newIncarnation("service", Set.of(TestService.NAME));
    Neighbours gateway = listener -> listener.found(gatewayMesh.self());
    Mesh mesh = new Mesh(vertx, self, gateway, new SimpleMeterRegistry());
    RunningGateway.get(mesh.start());
    RunningGateway.get(mesh.serve(new TestService()));
    await()
        .atMost(PATIENCE)
        .until(() -> gatewayMesh.directory().service(TestService.NAME).isPresent());
    return mesh;
  }

  @Test
  void a_gateway_that_never_heard_of_a_service_is_ready() {
    TestSocket socket = TestSocket.signedIn(role.port(), "mina");

    await().during(Duration.ofSeconds(2)).atMost(PATIENCE).until(health::isReady);
    assertThat(socket.heardNothing()).isTrue();
  }

  @Test
  void a_gateway_that_misses_a_service_is_not_ready_and_sends_its_clients_away_once() {
    Mesh service = serviceStarts();
    TestSocket socket = TestSocket.signedIn(role.port(), "mina");
    assertThat(health.isReady()).isTrue();
    RunningGateway.get(service.stop());

    await().atMost(PATIENCE).until(() -> !health.isReady());
    assertThat(health.problems().get("gateway")).startsWith("reaches no node of tester since");
    JsonObject disconnect = socket.next();
    assertThat(disconnect.getInteger("code")).isEqualTo(1012);
    assertThat(disconnect.getBoolean("reconnect")).isTrue();
    assertThat(socket.closed().code()).isEqualTo(1012);

    TestSocket back = TestSocket.signedIn(role.port(), "mina");
    await().during(Duration.ofSeconds(2)).atMost(PATIENCE).until(back::heardNothing);
    assertThat(back.ask("{'type':'ping','ref':2}").getString("type")).isEqualTo("pong");
  }
}
