package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import io.madang.system.signalr.ClientKind;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
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
 * Microsoft's clients that can go on over another WebSocket when theirs is lost. Each says numbers in a room of its own and hears
 * them there, so that what is lost, doubled or out of order is seen both ways.
 */
@Tag("cluster")
@ExtendWith(SharedMesh.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@DisplayNameGeneration(ReplaceUnderscores.class)
class HubClientsResumeTest {
  private static final String SAID = "ReceiveMessage";
  private static final List<String> GATEWAYS = List.of("gateway-1", "gateway-2");
  private static final int WORDS = 200;
  private static final Duration BETWEEN_WORDS = Duration.ofMillis(15);
  private static final Duration BETWEEN_BREAKS = Duration.ofMillis(700);
  private static final Duration LIMIT = Duration.ofSeconds(40);

  private final Peers peers = new Peers(Distribution.root().resolve("system-tests"));
  private Nginx balancer;

  /** Between the clients and the balancer. */
  private TcpProxy line;

  private Crowd crowd;

  @BeforeEach
  void connect(MeshProcesses mesh) throws IOException {
    balancer = Nginx.inTurn(GATEWAYS.stream().map(mesh::address).toList(), Map.of());
    line = TcpProxy.to(balancer.port());
    crowd = peers.crowd(
        ClientKind.npm().stream().filter(ClientKind::resumes).toList(),
        kind -> HubClient.Options.of(
                "http://127.0.0.1:" + line.port() + "/hubs/chat",
                mesh.guestToken("gateway-2", kind.guest()),
                Map.of(SAID, 3))
            .resuming()
            .reconnecting());
    crowd.each(client -> client.call("JoinRoom", room(client)));
  }

  @AfterEach
  void disconnect() {
    crowd.close();
    line.close();
    balancer.close();
  }

  @AfterAll
  void end() {
    peers.strays().forEach(System.out::println);
    peers.close();
  }

  private static String room(HubClient client) {
    return "resumed-" + client.kind().guest();
  }

  private static List<String> numbers(int count) {
    return IntStream.range(0, count).mapToObj(number -> "number " + number).toList();
  }

  private static List<String> heard(HubClient client) {
    return client.events(SAID).stream()
        .map(said -> said.get(1).getAsString())
        .filter(text -> text.startsWith("number "))
        .toList();
  }

  private static List<String> kept(HubClient client) {
    return StreamSupport.stream(
            client
                .invoke("RecentMessages", room(client), WORDS)
                .getAsJsonArray()
                .spliterator(),
            false)
        .map(message -> message.getAsJsonObject().get("content").getAsString())
        .toList();
  }

  /** Says all numbers, one by one, and answers what waits for their answers. */
  private static List<CompletableFuture<JsonElement>> say(HubClient client) {
    List<CompletableFuture<JsonElement>> said = new ArrayList<>();
    for (String number : numbers(WORDS)) {
      said.add(client.begin("SendToRoom", room(client), number));
      Pause.of(BETWEEN_WORDS);
    }
    return said;
  }

  @Test
  void lose_and_double_nothing_when_their_sockets_break() {
    int before = line.accepted();
    AtomicBoolean isSaid = new AtomicBoolean();
    CompletableFuture<Integer> breaks = CompletableFuture.supplyAsync(() -> {
      int broken = 0;
      while (!isSaid.get()) {
        Pause.of(BETWEEN_BREAKS);
        line.reset();
        broken++;
      }
      return broken;
    });

    crowd.each(client -> {
      List<CompletableFuture<JsonElement>> said = say(client);
      said.forEach(client::done);
    });
    isSaid.set(true);
    assertThat(breaks.join()).isGreaterThan(2);

    crowd.each(client -> {
      client.await(
          "its last number", LIMIT, () -> heard(client).contains(numbers(WORDS).get(WORDS - 1)));
      assertThat(heard(client)).isEqualTo(numbers(WORDS));
      assertThat(kept(client)).isEqualTo(numbers(WORDS));
      assertThat(client.losses()).as("that it went on and did not begin anew").isEmpty();
    });
    assertThat(line.accepted() - before).isGreaterThan(2 * crowd.clients().size());
  }
}
