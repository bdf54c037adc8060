package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.system.signalr.ClientKind;
import io.madang.system.signalr.Crowd;
import io.madang.system.signalr.HubClient;
import io.madang.system.signalr.Peers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Microsoft's clients, of every kind, at a gateway that sends them to another. */
@Tag("cluster")
@ExtendWith(SharedMesh.class)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@DisplayNameGeneration(ReplaceUnderscores.class)
class HubClientsGoWhereTheyAreSentTest {
  @Test
  void and_need_the_gateway_no_more_that_sent_them(MeshProcesses mesh) {
    mesh.launchAgain("gateway-1", Map.of("MADANG_SIGNALR_REDIRECT_URL", mesh.address("gateway-2")));
    List<ClientKind> kinds = new ArrayList<>(ClientKind.npm());
    kinds.addAll(ClientKind.java());
    try (Peers peers = new Peers(Distribution.root().resolve("system-tests"));
        Crowd crowd = peers.crowd(
            kinds,
            kind -> HubClient.Options.of(
                    mesh.address("gateway-1") + "/hubs/chat",
                    mesh.guestToken("gateway-2", kind.guest()),
                    Map.of())
                .reconnecting())) {
      crowd.each(HubClientsGoWhereTheyAreSentTest::works);

      mesh.process("gateway-1").kill();

      crowd.each(client -> {
        works(client);
        assertThat(client.losses()).isEmpty();
        assertThat(client.isClosed()).isFalse();
      });
    }
  }

  private static void works(HubClient client) {
    assertThat(client.invoke("RecentMessages", "lobby", 1).isJsonArray()).isTrue();
  }
}
