package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.protocol.code.CloseCode;
import io.madang.system.signalr.ClientKind;
import io.madang.system.signalr.ClientKind.Language;
import io.madang.system.signalr.ClientKind.Transport;
import io.madang.system.signalr.Crowd;
import io.madang.system.signalr.HubClient;
import io.madang.system.signalr.Peers;
import io.madang.testkit.Nginx;
import io.madang.testkit.TcpProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Microsoft's clients behind a line that lets nothing through for a while, without a word, as when a cable is pulled. Not over long
 * polling, where the protocol has no pings and a poll that waits is the only sign of life.
 */
@Tag("cluster")
@ExtendWith(HurriedMesh.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@DisplayNameGeneration(ReplaceUnderscores.class)
class HubClientsBearSilenceTest {
  private static final Duration PINGS = Duration.ofMillis(400);

  /** The slowest client looks once a second whether it is to ping. */
  private static final Duration FIRST_PINGS = Duration.ofMillis(2_500);

  /** Beyond the pings of the gateway, which come each second. */
  private static final Duration SHORT_PATIENCE = Duration.ofSeconds(4);

  private static final Duration LONG_PATIENCE = Duration.ofSeconds(60);
  private static final String[] GATEWAYS = {"gateway-1", "gateway-2"};

  private final Peers peers = new Peers(Distribution.root().resolve("system-tests"));
  private Nginx balancer;

  /** Between the clients and the balancer. */
  private TcpProxy line;

  @BeforeEach
  void connect(MeshProcesses mesh) throws IOException {
    balancer =
        Nginx.inTurn(List.of(mesh.address(GATEWAYS[0]), mesh.address(GATEWAYS[1])), Map.of());
    line = TcpProxy.to(balancer.port());
  }

  @AfterEach
  void disconnect() {
    line.close();
    balancer.close();
  }

  @AfterAll
  void end() {
    peers.strays().forEach(System.out::println);
    peers.close();
  }

  private Crowd crowd(MeshProcesses mesh, Duration patience) {
    List<ClientKind> kinds = new ArrayList<>(ClientKind.npm());
    kinds.addAll(ClientKind.java());
    kinds.removeIf(kind -> kind.transport() == Transport.LONG_POLLING);
    return peers.crowd(
        kinds,
        kind -> HubClient.Options.of(
                "http://127.0.0.1:" + line.port() + "/hubs/chat",
                mesh.guestToken(GATEWAYS[1], kind.guest()),
                Map.of())
            .watching(PINGS, patience)
            .reconnecting());
  }

  private static void works(HubClient client) {
    assertThat(client.invoke("RecentMessages", "lobby", 1).isJsonArray()).isTrue();
  }

  @Test
  void and_give_a_gateway_up_that_says_nothing(MeshProcesses mesh) {
    try (Crowd crowd = crowd(mesh, SHORT_PATIENCE)) {
      crowd.each(HubClientsBearSilenceTest::works);

      line.cut();
      crowd.each(client -> {
        if (!endsWithItsLine(client.kind())) {
          awaitGivenUp(client);
        }
      });

      line.heal();
      crowd.each(client -> {
        // Whoever waited for the end of its line may be told first that it was given up itself.
        assertThat(awaitGivenUp(client))
            .containsAnyOf(
                "Server timeout elapsed",
                endsWithItsLine(client.kind()) ? "client silent" : "Server timeout elapsed");
        if (client.isClosed()) {
          assertThat(endsWithItsLine(client.kind())).isTrue();
          client.start();
        } else {
          client.await("to be back", () -> client.comebacks() >= 1);
        }
        works(client);
      });
    }
  }

  /** Tells only when its line has an end that it has given its gateway up: it waits for the answer to its goodbye. */
  private static boolean endsWithItsLine(ClientKind kind) {
    return kind.language() == Language.JAVA
        || (kind.transport() == Transport.SERVER_SENT_EVENTS && kind.version().equals("3.0"));
  }

  /** Why it has. */
  private static String awaitGivenUp(HubClient client) {
    client.await("the silence", () -> client.isClosed() || !client.losses().isEmpty());
    return client.isClosed() ? client.awaitClosed().orElse("") : client.losses().get(0);
  }

  @Test
  void and_are_told_that_they_were_given_up_and_may_come_back(MeshProcesses mesh) {
    double before = silent(mesh);
    try (Crowd crowd = crowd(mesh, LONG_PATIENCE)) {
      crowd.each(HubClientsBearSilenceTest::works);
      // Only who pings is expected to go on, and nobody tells that it has.
      Pause.of(FIRST_PINGS);

      line.cut();
      Awaitility.await("all are given up")
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () -> assertThat(silent(mesh) - before).isEqualTo(crowd.clients().size()));
      assertThat(crowd.clients()).noneMatch(client -> client.isClosed());

      line.heal();
      crowd.each(client -> {
        if (client.kind().comesBack()) {
          client.await("to be back", () -> client.comebacks() >= 1);
          assertThat(client.losses().get(0)).contains("client silent");
        } else {
          assertThat(client.awaitClosed().orElse("")).contains("client silent");
          client.start();
        }
        works(client);
      });
    }
  }

  private static double silent(MeshProcesses mesh) {
    double silent = 0;
    for (String gateway : GATEWAYS) {
      silent += mesh.closes(gateway, CloseCode.CLIENT_SILENT);
    }
    return silent;
  }
}
