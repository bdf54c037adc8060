package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.system.signalr.ClientKind;
import io.madang.system.signalr.Crowd;
import io.madang.system.signalr.HubClient;
import io.madang.system.signalr.Peers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Microsoft's clients whose tokens live for seconds: told to come back when they expire, they ask for another and go on. */
@Tag("slow")
@DisplayNameGeneration(ReplaceUnderscores.class)
class HubClientsRenewTheirTokensTest {
  private static final Duration EXPIRED = Duration.ofSeconds(30);
  private static final Map<String, String> SHORT_LIVED = Map.of(
      "MADANG_AUTH_ACCESS_LIFETIME_MS", "10000",
      "MADANG_AUTH_TICKET_LIFETIME_MS", "10000",
      "MADANG_AUTH_CLOCK_SKEW_MS", "0",
      "MADANG_AUTH_GUESTS_PER_ADDRESS", "10000");

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void whenever_they_expire(@TempDir Path temp) {
    try (Launched mesh =
            Launched.start("all", temp.resolve("data"), SHORT_LIVED).awaitReady();
        Peers peers = new Peers(Distribution.root().resolve("system-tests"));
        Crowd crowd = peers.crowd(
            ClientKind.npm(),
            kind -> HubClient.Options.ofGuests(
                    "http://127.0.0.1:" + mesh.port() + "/hubs/chat",
                    kind.guest(),
                    Map.of("ReceiveMessage", 3))
                .reconnecting())) {
      crowd.each(client -> {
        if (!client.kind().comesBack()) {
          client.await("the end of its token", EXPIRED, client::isClosed);
          return;
        }
        client.await("its second token", EXPIRED, () -> client.comebacks() > 0);

        String said = "after the first token of " + client;
        client.call("SendMessage", said);
        client.awaitEvent("ReceiveMessage", heard -> heard.get(1).getAsString().equals(said));
        assertThat(client.isClosed()).isFalse();
      });
    }
  }
}
