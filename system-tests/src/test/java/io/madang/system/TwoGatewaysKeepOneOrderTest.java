package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.client.MadangClient;
import io.madang.client.TopicListener;
import io.madang.protocol.frame.ServerFrame.Publication;
import io.madang.protocol.frame.StreamPosition;
import io.madang.protocol.json.RawJson;
import io.madang.testkit.RunningProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A client of one gateway over WebSocket and a client of the other over SockJS send into one room at the same time, and one of
 * two chat nodes dies in the middle. Nothing is lost, doubled or reordered for either.
 */
@Tag("cluster")
@DisplayNameGeneration(ReplaceUnderscores.class)
class TwoGatewaysKeepOneOrderTest {
  private static final int EACH = 10_000;
  private static final int IN_FLIGHT = 64;
  private static final Duration LIMIT = Duration.ofMinutes(3);

  /** What one client heard of the room: position, position before, id of the command. */
  private record Heard(long offset, long previous, String command) {
    static Heard of(String line) {
      String[] words = line.split(" ", -1);
      return new Heard(Long.parseLong(words[1]), Long.parseLong(words[2]), words[3]);
    }
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void while_a_chat_node_is_killed() throws Exception {
    Map<String, String> settings = Map.of(
        "MADANG_COMMAND_RATE", "50000",
        "MADANG_COMMAND_BURST", "50000",
        "MADANG_USER_COMMAND_RATE", "0");
    try (MeshProcesses mesh = MeshProcesses.whole(settings);
        MadangClient mina = mesh.client("gateway-1", "mina");
        RunningProcess jun = sockJsPeer(mesh)) {
      List<Heard> byMina = Collections.synchronizedList(new ArrayList<>(2 * EACH));
      mina.command("chat", "joinRoom", RawJson.trusted("{\"room\":\"order\"}"))
          .get(30, TimeUnit.SECONDS);
      StreamPosition from =
          mina.subscribe("room:order", listener(byMina)).get(30, TimeUnit.SECONDS);
      String[] ready = jun.awaitLine("READY", Duration.ofSeconds(30)).split(" ", -1);
      jun.writeLine("go");

      CompletableFuture<Void> answered =
          sendAll(mina, () -> mesh.process(nodeThatServes(mesh)).kill());

      jun.awaitLine("SENT", LIMIT);
      answered.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      Awaitility.await("every publication at the WebSocket client")
          .atMost(Duration.ofSeconds(30))
          .until(() -> sent(byMina).size() >= 2 * EACH);
      Awaitility.await("every publication at the SockJS client")
          .atMost(Duration.ofSeconds(30))
          .until(() -> sent(heardBy(jun)).size() >= 2 * EACH);

      List<Heard> atMina = List.copyOf(byMina);
      List<Heard> atJun = heardBy(jun);
      assertThat(new HashSet<>(sent(atMina))).as("each message once").hasSize(2 * EACH);
      assertThat(sent(atMina)).hasSize(2 * EACH);
      assertThat(common(atJun, atMina))
          .as("the same order for both")
          .isEqualTo(common(atMina, atJun));
      assertNoHole(from.offset(), atMina);
      assertNoHole(Long.parseLong(ready[2]), atJun);
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

  private static TopicListener listener(List<Heard> heard) {
    return new TopicListener() {
      @Override
      public void publication(Publication publication) {
        publication
            .place()
            .ifPresent(place -> heard.add(
                new Heard(place.offset(), place.prev(), publication.command().orElse("-"))));
      }

      @Override
      public void gap(StreamPosition from, StreamPosition to) {
        heard.add(new Heard(-1, -1, "gap"));
      }
    };
  }

  /** Completed when every message has its answer. */
  private static CompletableFuture<Void> sendAll(MadangClient client, Runnable half)
      throws Exception {
    List<CompletableFuture<Void>> answers = new ArrayList<>(EACH);
    Semaphore window = new Semaphore(IN_FLIGHT);
    for (int i = 0; i < EACH; i++) {
      assertThat(window.tryAcquire(1, TimeUnit.MINUTES))
          .as("an answer within a minute")
          .isTrue();
      if (i == EACH / 2) {
        half.run();
      }
      answers.add(client
          .command(
              "chat",
              "sendToRoom",
              "mina-id-" + i,
              RawJson.trusted("{\"room\":\"order\",\"text\":\"" + i + "\"}"))
          .thenRun(window::release));
    }
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
  }

  /** The chat node that the room's commands go to: the one that has done the most. */
  private static String nodeThatServes(MeshProcesses mesh) {
    return mesh.commandsDone("chat-1") >= mesh.commandsDone("chat-2") ? "chat-1" : "chat-2";
  }

  private static List<Heard> heardBy(RunningProcess peer) {
    return peer.lines().stream()
        .filter(line -> line.startsWith("P "))
        .map(Heard::of)
        .toList();
  }

  private static List<String> sent(List<Heard> heard) {
    List<Heard> copy;
    synchronized (heard) {
      copy = List.copyOf(heard);
    }
    return copy.stream().map(Heard::command).filter(id -> id.contains("-id-")).toList();
  }

  /** What both heard: from where the later of the two began. */
  private static List<Heard> common(List<Heard> mine, List<Heard> other) {
    long from = Math.max(mine.get(0).offset(), other.get(0).offset());
    return mine.stream().filter(heard -> heard.offset() >= from).toList();
  }

  /**
   * @param subscribed the position of the answer, which what came with the answer is part of
   */
  private static void assertNoHole(long subscribed, List<Heard> heard) {
    Heard first = heard.get(0);
    long last = first.offset() <= subscribed ? first.previous() : subscribed;
    for (Heard one : heard) {
      assertThat(one.previous()).as("the offset before %s", one).isEqualTo(last);
      assertThat(one.offset()).isGreaterThan(last);
      last = one.offset();
    }
    assertThat(heard.stream().filter(one -> one.offset() > subscribed).findFirst())
        .get()
        .extracting(Heard::previous)
        .as("what the first after the subscription follows")
        .isEqualTo(subscribed);
  }
}
