package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.madang.system.signalr.ClientKind;
import io.madang.system.signalr.ClientKind.Language;
import io.madang.system.signalr.Crowd;
import io.madang.system.signalr.HubClient;
import io.madang.system.signalr.Peers;
import io.madang.testkit.FreePorts;
import io.madang.testkit.Nginx;
import io.madang.testkit.RunningProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A service in a process of its own asks Microsoft's clients at two gateways behind an nginx that sends each request to the next, each
 * while its call waits for that.
 */
@Tag("cluster")
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@DisplayNameGeneration(ReplaceUnderscores.class)
class ClientsOfHubsAreAskedTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Set<String> ANSWERING = Set.of("10", "7", "9.0.3", "7.0.4");

  private final Peers peers = new Peers(Distribution.root().resolve("system-tests"));
  private MeshProcesses mesh;
  private RunningProcess bench;
  private Nginx balancer;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    mesh = MeshProcesses.start(Map.of("gateway-1", "gateway", "gateway-2", "gateway"), Map.of());
    balancer =
        Nginx.inTurn(List.of(mesh.address("gateway-1"), mesh.address("gateway-2")), Map.of());
    Map<String, String> settings = new HashMap<>(mesh.joining());
    settings.put("MADANG_NODE_NAME", "bench-1");
    settings.put("MADANG_HEALTH_PORT", Integer.toString(FreePorts.one()));
    bench = RunningProcess.start("bench-1", Distribution.benchService(), settings, directory);
    bench.awaitLine("bench is there.", LIMIT);
    for (String gateway : List.of("gateway-1", "gateway-2")) {
      await("the service at " + gateway)
          .atMost(LIMIT)
          .until(() -> services(gateway).contains("\"bench\""));
    }
  }

  private String services(String gateway) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(mesh.address(gateway) + "/api/services"))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @AfterAll
  void stop() {
    peers.close();
    balancer.close();
    bench.close();
    mesh.close();
  }

  private Crowd asked(Stream<ClientKind> kinds) {
    Crowd crowd = peers.crowdOf(
        kinds.toList(),
        kind -> HubClient.Options.of(
            balancer.address() + "/hubs/bench",
            mesh.guestToken("gateway-1", kind.guest()),
            Map.of("Confirm", 1)));
    crowd.each(client -> client.answering("Confirm").open());
    return crowd;
  }

  @Test
  void and_their_answers_are_those_of_their_calls() {
    try (Crowd crowd = asked(Stream.concat(ClientKind.npm().stream(), ClientKind.java().stream())
        .filter(kind -> ANSWERING.contains(kind.version())))) {
      crowd.each(client -> {
        assertThat(client.invoke("Confirm", "héllo").toString()).isEqualTo("{\"heard\":\"héllo\"}");
        assertThat(client.failure("Confirm", "fail")).contains("HubException: ");
        assertThat(client.invoke("Echo", "on").toString()).isEqualTo("{\"text\":\"on\"}");
      });
    }
  }

  @Test
  void and_those_before_version_7_in_javascript_go_away() {
    try (Crowd crowd = asked(ClientKind.npm().stream()
        .filter(kind -> kind.language() == Language.JAVASCRIPT && kind.version().equals("6")))) {
      crowd.each(client -> {
        client.send("Confirm", "x");
        assertThat(client.awaitClosed()).isPresent();
      });
    }
  }
}
