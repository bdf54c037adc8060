package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.system.signalr.ClientKind;
import io.madang.system.signalr.ClientKind.Transport;
import io.madang.system.signalr.Crowd;
import io.madang.system.signalr.HubClient;
import io.madang.system.signalr.Peers;
import io.madang.testkit.Nginx;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
 * Microsoft's clients whose tokens live for seconds: they go on with another, in a connection of their own again or, where they
 * show it with a request, in the same.
 */
@Tag("cluster")
@ExtendWith(HurriedMesh.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@DisplayNameGeneration(ReplaceUnderscores.class)
class HubClientsRenewTheirTokensTest {
  private static final Duration EXPIRED = Duration.ofMillis(3L * HurriedMesh.TOKEN_MS);
  private static final String HEARD = "ReceiveMessage";

  /** Gateways of this mesh expect a word of who pings within two seconds. */
  private static final Duration PINGS = Duration.ofMillis(400);

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** How many were said. */
  private static final AtomicInteger WORDS = new AtomicInteger();

  private final Peers peers = new Peers(Distribution.root().resolve("system-tests"));
  private Nginx balancer;

  @BeforeEach
  void connect(MeshProcesses mesh) throws IOException {
    balancer =
        Nginx.inTurn(List.of(mesh.address("gateway-1"), mesh.address("gateway-2")), Map.of());
  }

  @AfterEach
  void disconnect() {
    balancer.close();
  }

  @AfterAll
  void end() {
    peers.strays().forEach(System.out::println);
    peers.close();
  }

  private HubClient.Options ofGuests(MeshProcesses mesh) {
    return HubClient.Options.ofGuests(
            balancer.address() + "/hubs/chat",
            mesh.address(HurriedMesh.SHORT_LIVED),
            Map.of(HEARD, 3))
        .watching(PINGS, PATIENCE)
        .reconnecting();
  }

  private static void works(HubClient client) {
    String said = "word " + WORDS.incrementAndGet() + " of " + client;
    client.call("SendMessage", said);
    client.awaitEvent(HEARD, heard -> heard.get(1).getAsString().equals(said));
  }

  private static void goesOnWhereItWas(HubClient client) {
    client.await("its second token", EXPIRED, () -> client.renewals() > 0);
    works(client);
    assertThat(client.losses()).isEmpty();
    assertThat(client.isClosed()).isFalse();
  }

  @Test
  void whenever_they_expire(MeshProcesses mesh) {
    try (Crowd crowd = peers.crowd(ClientKind.npm(), kind -> ofGuests(mesh))) {
      crowd.each(client -> {
        if (client.kind().asksForTokens()) {
          goesOnWhereItWas(client);
        } else if (client.kind().comesBack()) {
          client.await("to be back", EXPIRED, () -> client.comebacks() > 0);
          assertThat(client.losses().get(0)).containsAnyOf("token expired", "401");
          works(client);
        } else if (client.kind().mayStopAskingForTokens()) {
          client.await(
              "its second token, or the end of its first",
              EXPIRED,
              () -> client.renewals() > 0 || client.isClosed());
          if (client.isClosed()) {
            assertThat(client.awaitClosed().orElse("")).contains("token expired");
            client.start();
          }
          works(client);
        } else {
          client.await("the end of its token", EXPIRED, client::isClosed);
          assertThat(client.awaitClosed().orElse("")).contains("token expired");
          client.start();
          works(client);
        }
      });
    }
  }

  @Test
  void when_a_poll_is_refused_for_the_old_one(MeshProcesses mesh) {
    List<ClientKind> kinds = ClientKind.npm().stream()
        .filter(kind -> kind.transport() == Transport.LONG_POLLING && !kind.asksForTokens())
        .toList();
    try (Crowd crowd = peers.crowd(kinds, kind -> ofGuests(mesh).handingRefusalsOn())) {
      crowd.each(HubClientsRenewTheirTokensTest::goesOnWhereItWas);
    }
  }

  @Test
  void or_are_closed_and_may_start_again_where_they_do_not_come_back(MeshProcesses mesh) {
    try (Crowd crowd = peers.crowd(
        ClientKind.java(),
        kind -> HubClient.Options.of(balancer.address() + "/hubs/chat", "", Map.of(HEARD, 3))
            .watching(PINGS, PATIENCE)
            .withTokens(mesh.guestTokens(HurriedMesh.SHORT_LIVED, kind.guest(), "gateway-2")
                .toArray(String[]::new)))) {
      crowd.each(client -> {
        if (!client.kind().asksForTokens()) {
          client.await("the end of its token", EXPIRED, client::isClosed);
          assertThat(client.awaitClosed().orElse("")).contains("token expired");
          client.start();
        }
        works(client);
      });

      // The first tokens of all are over by now.
      crowd.each(client -> {
        works(client);
        assertThat(client.isClosed()).isEqualTo(!client.kind().asksForTokens());
      });
    }
  }
}
