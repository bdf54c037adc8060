package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.madang.system.signalr.ClientKind;
import io.madang.system.signalr.Crowd;
import io.madang.system.signalr.HubClient;
import io.madang.system.signalr.Peers;
import io.madang.testkit.Nginx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
 * Microsoft's clients that can go on over another WebSocket, and the gateways where their connections live. Each says numbers in a
 * room of its own and hears them there, so that what is lost, doubled or out of order is seen both ways.
 */
@Tag("cluster")
@ExtendWith(SharedMesh.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@DisplayNameGeneration(ReplaceUnderscores.class)
class HubClientsOutliveGatewaysTest {
  private static final String SAID = "ReceiveMessage";
  private static final List<String> GATEWAYS = List.of("gateway-1", "gateway-2");
  private static final int MAX_KEPT = 200;
  private static final Duration BETWEEN_WORDS = Duration.ofMillis(50);
  private static final Duration BEFORE = Duration.ofSeconds(1);

  /**
   * The others know of the death after about half a second where processors are free, and later where they are not: Hazelcast sees its
   * connection end at once, but gives a member up only when it was not reached in several tries, a tenth of a second apart, and
   * its list is looked at five times a second. Tries that follow each other faster save a tenth of a second, and part a mesh whose
   * members refuse each other for a moment.
   */
  private static final Duration REFUSED_WITHIN = Duration.ofSeconds(1);

  private static final Duration LIMIT = Duration.ofSeconds(40);

  private final HttpClient http = HttpClient.newHttpClient();
  private final Peers peers = new Peers(Distribution.root().resolve("system-tests"));
  private Nginx balancer;

  @BeforeEach
  void balance(MeshProcesses mesh) throws IOException {
    balancer = Nginx.inTurn(GATEWAYS.stream().map(mesh::address).toList(), Map.of());
  }

  @AfterEach
  void close() {
    balancer.close();
  }

  @AfterAll
  void end() {
    peers.strays().forEach(System.out::println);
    peers.close();
  }

  /**
   * Clients that come one after the other. Each sends two requests, so the negotiations of all come to one gateway, where their
   * connections live, and their WebSockets to the other.
   */
  private Crowd crowd(MeshProcesses mesh) {
    Crowd crowd = peers.crowdOf(
        ClientKind.npm().stream().filter(ClientKind::resumes).toList(),
        kind -> HubClient.Options.of(
                balancer.address() + "/hubs/chat",
                mesh.guestToken("gateway-2", kind.guest()),
                Map.of(SAID, 3))
            .resuming()
            .reconnecting());
    crowd.clients().forEach(client -> {
      JsonElement unused = client.open();
      client.call("JoinRoom", room(client));
    });
    return crowd;
  }

  /** The next gateway is another one's turn. */
  private void letOnePass() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(balancer.address() + "/ws/echo")).build();
    assertThat(http.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(400);
  }

  private static String room(HubClient client) {
    return "outlived-" + client.toString().replaceAll("[^a-z0-9]", "-");
  }

  /** What a client said so far, and what it was answered. */
  private static final class Talk {
    final HubClient client;
    final String connection;
    final List<CompletableFuture<JsonElement>> answers = new ArrayList<>();

    Talk(HubClient client) {
      this.client = client;
      this.connection = client.connectionId();
    }

    /** Says one number after the other until this is over. */
    void say(AtomicBoolean isOver) {
      while (!isOver.get()) {
        answers.add(client.begin("SendToRoom", room(client), "number " + answers.size()));
        Pause.of(BETWEEN_WORDS);
      }
    }

    List<String> said() {
      return IntStream.range(0, answers.size())
          .mapToObj(number -> "number " + number)
          .toList();
    }

    List<String> heard() {
      return client.events(SAID).stream()
          .map(said -> said.get(1).getAsString())
          .filter(text -> text.startsWith("number "))
          .toList();
    }

    List<String> kept() {
      return StreamSupport.stream(
              client
                  .invoke("RecentMessages", room(client), MAX_KEPT)
                  .getAsJsonArray()
                  .spliterator(),
              false)
          .map(message -> message.getAsJsonObject().get("content").getAsString())
          .toList();
    }

    /** It went on as if nothing had been. */
    void requireUnbroken() {
      answers.forEach(client::done);
      client.await("all that it said", LIMIT, () -> heard().size() >= answers.size());
      assertThat(heard()).isEqualTo(said());
      assertThat(kept()).isEqualTo(last(said()));
      assertThat(client.losses()).as("that it went on and did not begin anew").isEmpty();
      assertThat(client.connectionId()).isEqualTo(connection);
    }

    private static List<String> last(List<String> said) {
      return said.subList(Math.max(0, said.size() - MAX_KEPT), said.size());
    }
  }

  private interface Happening {
    void happens() throws IOException, InterruptedException;
  }

  /** Lets all talk before, while and after something happens. */
  private static List<Talk> talk(List<Crowd> crowds, Happening happening)
      throws IOException, InterruptedException {
    List<Talk> talks = crowds.stream()
        .flatMap(crowd -> crowd.clients().stream())
        .map(Talk::new)
        .toList();
    AtomicBoolean isOver = new AtomicBoolean();
    List<CompletableFuture<Void>> saying = crowds.stream()
        .map(crowd -> CompletableFuture.runAsync(() -> crowd.each(client -> talks.stream()
            .filter(talk -> talk.client == client)
            .forEach(talk -> talk.say(isOver)))))
        .toList();
    Pause.of(BEFORE);
    try {
      happening.happens();
    } finally {
      isOver.set(true);
      saying.forEach(CompletableFuture::join);
    }
    return talks;
  }

  @Test
  void when_all_stop_in_order_one_after_the_other(MeshProcesses mesh) throws Exception {
    try (Crowd crowd = crowd(mesh)) {
      List<Talk> talks = talk(
          List.of(crowd),
          () -> GATEWAYS.forEach(gateway -> {
            mesh.process(gateway).terminate();
            assertThat(mesh.process(gateway).awaitExit(LIMIT)).isZero();
            mesh.launchAgain(gateway, Map.of());
          }));

      crowd.each(client ->
          talks.stream().filter(talk -> talk.client == client).forEach(Talk::requireUnbroken));
    }
  }

  @Test
  void but_those_that_live_where_it_is_killed_begin_anew_and_know_what_is_uncertain(
      MeshProcesses mesh) throws Exception {
    try (Crowd there = crowd(mesh)) {
      letOnePass();
      try (Crowd elsewhere = crowd(mesh)) {
        String token = negotiate(mesh, "gateway-1");
        List<Talk> talks = talk(List.of(there, elsewhere), () -> {
          mesh.process("gateway-1").kill();
          long killed = System.nanoTime();
          assertThat(refusal(mesh, token)).isEqualTo(404);
          assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(REFUSED_WITHIN);
          // One by one: all hands of the crowd are busy talking.
          there
              .clients()
              .forEach(client -> client.await("its way back", () -> client.comebacks() >= 1));
        });

        elsewhere.each(client ->
            talks.stream().filter(talk -> talk.client == client).forEach(Talk::requireUnbroken));
        there.each(client -> talks.stream()
            .filter(talk -> talk.client == client)
            .forEach(HubClientsOutliveGatewaysTest::requireBegunAnew));
      }
    }
  }

  private static void requireBegunAnew(Talk talk) {
    HubClient client = talk.client;
    assertThat(client.connectionId()).isNotEqualTo(talk.connection);
    assertThat(talk.heard()).as("before").startsWith("number 0").doesNotHaveDuplicates();
    client.call("JoinRoom", room(client));
    List<String> done = new ArrayList<>();
    List<String> failed = new ArrayList<>();
    for (int i = 0; i < talk.answers.size(); i++) {
      // What fails says so; nothing waits for ever.
      CompletableFuture<JsonElement> answer = talk.answers.get(i);
      answer
          .exceptionally(why -> null)
          .orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
          .join();
      (answer.isCompletedExceptionally() ? failed : done).add("number " + i);
    }
    List<String> kept = talk.kept();
    assertThat(failed).as("what nobody knows of").isNotEmpty();
    assertThat(kept).doesNotHaveDuplicates().containsAll(done);
    HashSet<String> uncertain = new HashSet<>(kept);
    done.forEach(uncertain::remove);
    assertThat(failed).containsAll(uncertain);
    client.call("SendToRoom", room(client), "number on");
    client.awaitEvent(SAID, heard -> heard.get(1).getAsString().equals("number on"));
  }

  /** The token of a connection that waits for its client at a gateway. */
  private String negotiate(MeshProcesses mesh, String gateway)
      throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(mesh.address(gateway)
            + "/hubs/chat/negotiate?negotiateVersion=1&useStatefulReconnect=true"))
        .header("Authorization", "Bearer " + mesh.guestToken(gateway, "waits"))
        .POST(HttpRequest.BodyPublishers.noBody())
        .build();
    return JsonParser.parseString(http.send(request, BodyHandlers.ofString()).body())
        .getAsJsonObject()
        .get("connectionToken")
        .getAsString();
  }

  /** As what the gateway that is left answers who comes for a connection. */
  private int refusal(MeshProcesses mesh, String token) {
    URI uri =
        URI.create(mesh.address("gateway-2").replace("http:", "ws:") + "/hubs/chat?id=" + token);
    try {
      http.newWebSocketBuilder()
          .buildAsync(uri, new WebSocket.Listener() {})
          .join()
          .abort();
      return 101;
    } catch (CompletionException e) {
      return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
    }
  }
}
