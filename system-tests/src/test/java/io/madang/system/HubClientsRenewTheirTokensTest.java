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
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Microsoft's clients whose tokens live for seconds: told that they are over they ask for another and go on, in a connection of
 * their own again or, where they poll, in the same.
 */
@Tag("cluster")
@ExtendWith(HurriedMesh.class)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@DisplayNameGeneration(ReplaceUnderscores.class)
class HubClientsRenewTheirTokensTest {
  private static final Duration EXPIRED = Duration.ofMillis(3L * HurriedMesh.TOKEN_MS);
  private static final String HEARD = "ReceiveMessage";

  @Test
  void whenever_they_expire(MeshProcesses mesh) throws IOException {
    String issuer = mesh.address(HurriedMesh.SHORT_LIVED);
    try (Nginx balancer =
            Nginx.inTurn(List.of(mesh.address("gateway-1"), mesh.address("gateway-2")), Map.of());
        Peers peers = new Peers(Distribution.root().resolve("system-tests"));
        Crowd crowd = peers.crowd(
            ClientKind.npm(),
            kind -> HubClient.Options.ofGuests(
                    balancer.address() + "/hubs/chat", issuer, Map.of(HEARD, 3))
                .reconnecting())) {
      crowd.each(client -> {
        if (isJudgedEachTime(client.kind())) {
          client.await("its second token", EXPIRED, () -> client.renewals() > 0);
        } else if (client.kind().comesBack()) {
          client.await("to be back", EXPIRED, () -> client.comebacks() > 0);
        } else {
          client.await("the end of its token", EXPIRED, client::isClosed);
          client.start();
        }
      });

      crowd.each(client -> {
        String said = "after the first token of " + client;
        client.call("SendMessage", said);
        client.awaitEvent(HEARD, heard -> heard.get(1).getAsString().equals(said));
        if (isJudgedEachTime(client.kind())) {
          assertThat(client.losses()).isEmpty();
          assertThat(client.isClosed()).isFalse();
        }
      });
    }
  }

  /** Whoever polls is told by an answer that its token is over, asks for another and goes on where it was. */
  private static boolean isJudgedEachTime(ClientKind kind) {
    return kind.transport() == Transport.LONG_POLLING;
  }

  @Test
  void or_are_closed_and_may_start_again_where_they_do_not_come_back(MeshProcesses mesh)
      throws IOException {
    try (Nginx balancer =
            Nginx.inTurn(List.of(mesh.address("gateway-1"), mesh.address("gateway-2")), Map.of());
        Peers peers = new Peers(Distribution.root().resolve("system-tests"));
        Crowd crowd = peers.crowd(
            ClientKind.java(),
            kind -> HubClient.Options.of(
                    balancer.address() + "/hubs/chat",
                    mesh.guestToken(HurriedMesh.SHORT_LIVED, kind.guest()),
                    Map.of())
                .withTokens(
                    mesh.guestToken(HurriedMesh.SHORT_LIVED, kind.guest()),
                    mesh.guestToken("gateway-2", kind.guest())))) {
      crowd.each(client -> {
        client.await("the end of its token", EXPIRED, client::isClosed);
        assertThat(client.awaitClosed().orElse(""))
            .contains(isJudgedEachTime(client.kind()) ? "401" : "token expired");

        client.start();
        assertThat(client.invoke("RecentMessages", "lobby", 1).isJsonArray()).isTrue();
      });
    }
  }
}
