package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.client.MadangClient;
import io.madang.protocol.json.RawJson;
import io.madang.system.signalr.ClientKind;
import io.madang.system.signalr.ClientKind.Protocol;
import io.madang.system.signalr.ClientKind.Transport;
import io.madang.system.signalr.Crowd;
import io.madang.system.signalr.HubClient;
import io.madang.system.signalr.Peers;
import io.madang.testkit.Nginx;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
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
 * Microsoft's clients, of every kind, lose a gateway that some of them are at, or are told goodbye. Those that come back by
 * themselves do where they may, those that do not are closed and may start again, and all hear on what their hub hears.
 */
@Tag("cluster")
@ExtendWith(SharedMesh.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@DisplayNameGeneration(ReplaceUnderscores.class)
class HubClientsComeBackTest {
  private static final String SAID = "ReceiveMessage";
  private static final Duration LIMIT = Duration.ofSeconds(40);
  private static final Duration BETWEEN_WORDS = Duration.ofMillis(500);

  /** Ends in the middle of a message. */
  private static final String GARBAGE = "{\"type\":1,\"target\":\u001e";

  /** A message of one byte, which is no array. */
  private static final String PACKED_GARBAGE = "\u0001\u0000";

  private final Peers peers = new Peers(Distribution.root().resolve("system-tests"));
  private Nginx balancer;
  private Crowd crowd;
  private MadangClient speaker;

  /** Everybody's access token. */
  private final Map<ClientKind, String> tokens = new ConcurrentHashMap<>();

  /** Clients that were started again, once each. */
  private final Set<HubClient> started = new HashSet<>();

  /** What was said so far, numbered. */
  private int words;

  @BeforeEach
  void connect(MeshProcesses mesh) throws IOException {
    balancer =
        Nginx.inTurn(List.of(mesh.address("gateway-1"), mesh.address("gateway-2")), Map.of());
    speaker = mesh.client("gateway-2", "speaker");
    List<ClientKind> kinds = new ArrayList<>(ClientKind.npm());
    kinds.addAll(ClientKind.java());
    crowd = peers.crowd(kinds, kind -> {
      String token = mesh.guestToken("gateway-2", kind.guest());
      tokens.put(kind, token);
      return HubClient.Options.of(balancer.address() + "/hubs/chat", token, Map.of(SAID, 3))
          .reconnecting();
    });
    assertThat(isHeardByAll(say())).as("heard before").isTrue();
  }

  @AfterEach
  void disconnect() {
    crowd.close();
    speaker.close();
    balancer.close();
  }

  @AfterAll
  void end() {
    peers.strays().forEach(System.out::println);
    peers.close();
  }

  @Test
  void when_their_gateway_is_killed(MeshProcesses mesh) {
    mesh.process("gateway-1").kill();

    awaitAllBack();
  }

  @Test
  void when_their_gateway_stops_in_order(MeshProcesses mesh) {
    mesh.process("gateway-1").terminate();
    assertThat(mesh.process("gateway-1").awaitExit(LIMIT)).isZero();

    awaitAllBack();
  }

  @Test
  void when_the_goodbye_says_that_they_may() {
    crowd.each(client -> {
      boolean isText = client.kind().protocol() == Protocol.JSON;
      client.sendBytes(isText ? GARBAGE : PACKED_GARBAGE);

      if (client.kind().comesBack()) {
        client.await("to be back", () -> client.comebacks() >= 1);
        assertThat(client.losses().get(0)).contains("Connection closed with an error.");
      } else {
        assertThat(client.awaitClosed().orElse("")).contains("Connection closed with an error.");
        client.start();
      }
    });

    String word = say();
    crowd.each(
        client -> client.awaitEvent(SAID, heard -> heard.get(1).getAsString().equals(word)));
  }

  @Test
  void but_not_when_the_goodbye_does_not_say_so(MeshProcesses mesh) {
    tokens.values().forEach(token -> mesh.signOut("gateway-2", token));

    crowd.each(client -> {
      client.await("its end", () -> client.isClosed() || !client.losses().isEmpty());
      if (client.losses().isEmpty()) {
        assertThat(client.awaitClosed().orElse(""))
            .containsAnyOf("sign-in ended", "401", "Unauthorized");
      } else {
        // A poll that comes behind the end of the sign-in is refused for that, and each try to come
        // back is.
        assertThat(client.kind().transport()).isEqualTo(Transport.LONG_POLLING);
        assertThat(client.losses().get(0)).containsAnyOf("401", "Unauthorized");
      }
      assertThat(client.comebacks()).isZero();
    });
  }

  private void awaitAllBack() {
    long end = System.nanoTime() + LIMIT.toNanos();
    String word = say();
    while (!isHeardByAll(word)) {
      assertThat(System.nanoTime())
          .as("all are back in time but " + deafTo(word))
          .isLessThan(end);
      startWhoDoesNotComeBack();
      word = say();
    }
    List<HubClient> moved = crowd.clients().stream()
        .filter(client -> client.comebacks() > 0 || client.isClosed())
        .toList();
    System.out.printf(
        "%d of %d had to come back%n", moved.size(), crowd.clients().size());
    assertThat(moved).as("clients of the gateway that is gone").isNotEmpty();
    assertThat(moved).noneMatch(client -> client.kind().comesBack() && client.isClosed());
  }

  /** What an application does whose client does not do it. */
  private void startWhoDoesNotComeBack() {
    crowd.clients().stream()
        .filter(client -> !client.kind().comesBack() && client.isClosed())
        .filter(started::add)
        .forEach(HubClient::start);
  }

  /** Says a word at the gateway that stays and gives everybody time to hear it. */
  private String say() {
    String word = "word " + ++words;
    speaker
        .command("chat", "sendMessage", RawJson.trusted("{\"text\":\"" + word + "\"}"))
        .join();
    Pause.of(BETWEEN_WORDS);
    return word;
  }

  private boolean isHeardByAll(String word) {
    return deafTo(word).isEmpty();
  }

  private List<HubClient> deafTo(String word) {
    return crowd.clients().stream()
        .filter(client -> client.events(SAID).stream()
            .noneMatch(heard -> heard.get(1).getAsString().equals(word)))
        .toList();
  }
}
