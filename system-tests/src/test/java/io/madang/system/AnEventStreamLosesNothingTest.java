package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.client.MadangClient;
import io.madang.protocol.frame.StreamPosition;
import io.madang.protocol.json.RawJson;
import io.madang.system.traffic.Account;
import io.madang.system.traffic.Checker;
import io.madang.system.traffic.Committed;
import io.madang.system.traffic.Verdict;
import io.madang.system.traffic.Volley;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A browser's own EventSource, which signed in by a ticket, and curl hear two rooms through a balancer that sends each connection
 * to the next gateway. The gateway they are at is killed: both go on at the other from the last id they had.
 */
@Tag("cluster")
@Tag("browser")
@ExtendWith(SharedMesh.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class AnEventStreamLosesNothingTest {
  private static final int MESSAGES = 1_500;
  private static final int IN_FLIGHT = 8;
  private static final Duration LIMIT = Duration.ofSeconds(40);
  private static final List<String> TOPICS = List.of("room:stream-a", "room:stream-b");
  private static final Pattern TICKET = Pattern.compile("\"ticket\"\\s*:\\s*\"([^\"]+)\"");

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void when_its_gateway_is_killed(MeshProcesses mesh, @TempDir Path temp) throws Exception {
    String query = "/stream?topic=" + String.join("&topic=", TOPICS);
    try (SteeredBalancer balancer =
            SteeredBalancer.before(mesh.address("gateway-1"), mesh.address("gateway-2"));
        MadangClient writer = mesh.client("gateway-2", "writer");
        Chromium chromium = Chromium.launch();
        EventSourcePage page = chromium.eventSource(balancer.address() + "/api/docs")) {
      for (String room : List.of("stream-a", "stream-b")) {
        writer
            .command("chat", "joinRoom", RawJson.trusted("{\"room\":\"" + room + "\"}"))
            .get(30, TimeUnit.SECONDS);
      }
      String ticket = ticket(mesh, mesh.guestToken("gateway-2", "reader"));
      balancer.nextIs(0);
      page.listenTo(query + "&ticket=" + ticket);
      Awaitility.await("the browser listens")
          .atMost(LIMIT)
          .until(() -> page.heard().size() >= 2);
      balancer.nextIs(0);
      try (CurlStream curl =
          new CurlStream(balancer.address() + query, mesh.guestToken("gateway-2", "curl"), temp)) {
        Awaitility.await("curl listens").atMost(LIMIT).until(() -> curl.heard().size() >= 2);

        Map<String, StreamPosition> answers =
            sendAll(writer, () -> mesh.process("gateway-1").kill());

        Committed committed = Committed.read(mesh.database(), TOPICS);
        Awaitility.await("everything at the browser and at curl").atMost(LIMIT).until(() -> {
          curl.goOn();
          return reach(committed, accounts("curl", curl.heard()))
              && reach(committed, accounts("browser", page.heard()));
        });
        List<Account> heard = new ArrayList<>(accounts("browser", page.heard()));
        heard.addAll(accounts("curl", curl.heard()));
        Verdict verdict = Checker.check(committed, answers, heard);
        System.out.println(verdict);
        assertThat(verdict.isWhole()).as(verdict.toString()).isTrue();
        assertThat(answers).hasSize(MESSAGES);
        assertThat(page.opened()).as("times the browser opened the stream").isEqualTo(2);
        assertThat(curl.runs()).isGreaterThanOrEqualTo(2);
      }
    }
  }

  /** The door of seed 004, which is a command of chat like any other. */
  @Test
  void and_hears_what_is_said_over_http(MeshProcesses mesh, @TempDir Path temp) throws Exception {
    String token = mesh.guestToken("gateway-1", "poster");
    try (CurlStream curl = new CurlStream(
        mesh.address("gateway-2") + "/stream?topic=room:lobby",
        mesh.guestToken("gateway-2", "lobbyist"),
        temp)) {
      Awaitility.await("curl listens").atMost(LIMIT).until(() -> !curl.heard().isEmpty());

      HttpResponse<String> said = http.send(
          HttpRequest.newBuilder(URI.create(
                  mesh.address("gateway-1") + "/api/chat/ReceiveMessage?user=Alice&message=Hello"))
              .header("Authorization", "Bearer " + token)
              .POST(HttpRequest.BodyPublishers.noBody())
              .build(),
          HttpResponse.BodyHandlers.ofString());

      assertThat(said.statusCode()).as(said.body()).isEqualTo(200);
      Awaitility.await("the message")
          .atMost(LIMIT)
          .until(() -> curl.heard().stream()
              .anyMatch(data -> data.contains("\"Hello\"") && data.contains("\"Alice\"")));
    }
  }

  private String ticket(MeshProcesses mesh, String token) throws Exception {
    HttpResponse<String> answer = http.send(
        HttpRequest.newBuilder(URI.create(mesh.address("gateway-2") + "/api/auth/ticket"))
            .header("Authorization", "Bearer " + token)
            .POST(HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
    Matcher ticket = TICKET.matcher(answer.body());
    assertThat(ticket.find()).as(answer.body()).isTrue();
    return ticket.group(1);
  }

  private static List<Account> accounts(String client, List<String> data) {
    return StreamReader.accounts(client, TOPICS, data);
  }

  private static boolean reach(Committed committed, List<Account> accounts) {
    return accounts.stream()
        .allMatch(account -> account.reaches(committed.head(account.topic()).orElseThrow()));
  }

  /** Sends into both rooms in turn and waits for all answers. */
  private static Map<String, StreamPosition> sendAll(MadangClient client, Runnable half)
      throws Exception {
    Map<String, StreamPosition> answers = new ConcurrentHashMap<>();
    List<CompletableFuture<Void>> all = new ArrayList<>(MESSAGES);
    Semaphore window = new Semaphore(IN_FLIGHT);
    for (int i = 0; i < MESSAGES; i++) {
      assertThat(window.tryAcquire(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      if (i == MESSAGES / 2) {
        half.run();
      }
      String id = "stream-id-" + i;
      String room = i % 2 == 0 ? "stream-a" : "stream-b";
      RawJson message = RawJson.trusted("{\"room\":\"" + room + "\",\"text\":\"" + i + "한 %3C\"}");
      all.add(client.command("chat", "sendToRoom", id, message).thenAccept(reply -> {
        answers.put(id, Volley.answered(reply));
        window.release();
      }));
    }
    CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
        .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    return answers;
  }
}
