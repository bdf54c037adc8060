package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.client.MadangClient;
import io.madang.protocol.frame.ServerFrame.Place;
import io.madang.protocol.frame.ServerFrame.Publication;
import io.madang.protocol.frame.StreamPosition;
import io.madang.protocol.json.RawJson;
import io.madang.system.traffic.Account;
import io.madang.system.traffic.Checker;
import io.madang.system.traffic.Committed;
import io.madang.system.traffic.Verdict;
import io.madang.system.traffic.Volley;
import io.madang.testkit.RunningProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A client of one gateway over WebSocket and a client of the other over SockJS send into one room at the same time, and one of
 * two chat nodes dies in the middle. Nothing is lost, doubled or reordered for either.
 */
@Tag("cluster")
@ExtendWith(SharedMesh.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class TwoGatewaysKeepOneOrderTest {
  private static final int EACH = 10_000;
  private static final int IN_FLIGHT = 64;
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final Duration TAIL = Duration.ofSeconds(20);
  private static final String TOPIC = "room:order";

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void while_a_chat_node_is_killed(MeshProcesses mesh) throws Exception {
    try (MadangClient mina = mesh.client("gateway-1", "mina");
        RunningProcess jun = sockJsPeer(mesh)) {
      Account byMina = new Account("mina", TOPIC);
      mina.command("chat", "joinRoom", RawJson.trusted("{\"room\":\"order\"}"))
          .get(30, TimeUnit.SECONDS);
      mina.subscribe(TOPIC, byMina).get(30, TimeUnit.SECONDS);
      String ready = jun.awaitLine("READY", Duration.ofSeconds(30));
      jun.writeLine("go");

      Map<String, StreamPosition> answers =
          sendAll(mina, () -> mesh.process(mesh.busiest("chat-1", "chat-2")).kill());

      jun.awaitLine("SENT", LIMIT);
      Committed committed = Committed.read(mesh.database(), List.of(TOPIC));
      StreamPosition head = committed.head(TOPIC).orElseThrow();
      Awaitility.await("everything at the WebSocket client")
          .atMost(TAIL)
          .until(() -> byMina.reaches(head));
      Awaitility.await("everything at the SockJS client")
          .atMost(TAIL)
          .until(() -> heardBy(jun, ready).reaches(head));
      Verdict verdict = Checker.check(committed, answers, List.of(byMina, heardBy(jun, ready)));
      System.out.println(verdict);
      assertThat(committed.commands(TOPIC).stream().filter(id -> id.contains("-id-")))
          .as("each message once")
          .hasSize(2 * EACH)
          .doesNotHaveDuplicates();
      assertThat(answers).hasSize(EACH);
      assertThat(verdict.isWhole()).as(verdict.toString()).isTrue();
      assertThat(jun.lines())
          .noneMatch(line -> line.startsWith("FAILED") || line.startsWith("CLOSED"));
    }
  }

  private static RunningProcess sockJsPeer(MeshProcesses mesh) {
    Path clients = Distribution.root().resolve("system-tests/clients");
    return RunningProcess.startUnseen(
        "jun",
        List.of(
            "node",
            "sockjs-peer.mjs",
            mesh.address("gateway-2") + "/sockjs",
            "websocket",
            mesh.guestToken("gateway-2", "jun"),
            "order",
            "jun",
            Integer.toString(EACH),
            Integer.toString(IN_FLIGHT)),
        Map.of(),
        clients);
  }

  /** Sends and waits for all answers. */
  private static Map<String, StreamPosition> sendAll(MadangClient client, Runnable half)
      throws Exception {
    Map<String, StreamPosition> answers = new ConcurrentHashMap<>();
    List<CompletableFuture<Void>> all = new ArrayList<>(EACH);
    Semaphore window = new Semaphore(IN_FLIGHT);
    for (int i = 0; i < EACH; i++) {
      assertThat(window.tryAcquire(LIMIT.toSeconds(), TimeUnit.SECONDS))
          .as("an answer in time")
          .isTrue();
      if (i == EACH / 2) {
        half.run();
      }
      String id = "mina-id-" + i;
      RawJson message = RawJson.trusted("{\"room\":\"order\",\"text\":\"" + i + "\"}");
      all.add(client.command("chat", "sendToRoom", id, message).thenAccept(reply -> {
        answers.put(id, Volley.answered(reply));
        window.release();
      }));
    }
    CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
        .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    return answers;
  }

  /** What the lines of the peer tell: {@code READY epoch offset}, then {@code P offset prev command}. */
  private static Account heardBy(RunningProcess peer, String ready) {
    String[] begin = ready.split(" ", -1);
    String epoch = begin[1];
    Account account = new Account("jun", TOPIC);
    account.snapshot(new StreamPosition(epoch, Long.parseLong(begin[2])), Optional.empty());
    for (String line : peer.lines()) {
      if (line.startsWith("P ")) {
        String[] words = line.split(" ", -1);
        account.publication(publication(
            new Place(epoch, Long.parseLong(words[1]), Long.parseLong(words[2])), words[3]));
      }
    }
    return account;
  }

  private static Publication publication(Place place, String command) {
    return new Publication(
        TOPIC,
        Optional.of(place),
        "message",
        Optional.empty(),
        Optional.of(command),
        Instant.EPOCH,
        RawJson.EMPTY_OBJECT);
  }
}
