package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.client.MadangClient;
import io.madang.client.RefusedException;
import io.madang.protocol.frame.StreamPosition;
import io.madang.protocol.json.RawJson;
import io.madang.system.traffic.Account;
import io.madang.system.traffic.Checker;
import io.madang.system.traffic.Committed;
import io.madang.system.traffic.Traffic;
import io.madang.system.traffic.Verdict;
import io.madang.system.traffic.Volley;
import io.madang.testkit.RunningProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * One user gives each command at two gateways at once under one id. With equal arguments both get the answer of the one that was
 * done; with others, in the same room or in one that another node serves, one is done and the other is told of the conflict.
 * For a while one of the gateways does not reach one of the chat nodes, so that what is at home there races on both. Later a chat
 * node stands still for so long that its commands are given to the other, and then goes on with them.
 */
@Tag("cluster")
@ExtendWith(RiggedMesh.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class TheSameCommandIsDoneOnceTest {
  private static final int PAIRS = 20_000;
  private static final int IN_FLIGHT = 64;
  private static final Duration FROZEN = Duration.ofSeconds(4);
  private static final Duration TAIL = Duration.ofSeconds(15);

  /** Enough that some are at home at each chat node. */
  private static final List<String> ROOMS =
      IntStream.range(0, 8).mapToObj(i -> "race-" + UUID.randomUUID() + "-" + i).toList();

  /** How the two of a pair differ. */
  private enum Difference {
    NONE,
    TEXT,
    ROOM
  }

  @Test
  @Timeout(value = 90, unit = TimeUnit.SECONDS)
  void however_often_and_wherever_it_is_given(MeshProcesses mesh) throws Exception {
    String token = mesh.guestToken("gateway-1", "racer");
    try (MadangClient one = Traffic.client(mesh.sockets(), 0, token);
        MadangClient two = Traffic.client(mesh.sockets(), 1, token);
        MadangClient near = mesh.client("gateway-1", "listener");
        MadangClient far = mesh.client("gateway-2", "listener")) {
      List<Account> accounts = new ArrayList<>();
      for (String room : ROOMS) {
        one.command("chat", "joinRoom", RawJson.trusted("{\"room\":\"" + room + "\"}"))
            .get(20, TimeUnit.SECONDS);
        for (MadangClient listener : List.of(near, far)) {
          Account account = new Account(listener == near ? "near" : "far", "room:" + room);
          accounts.add(account);
          listener.subscribe(account.topic(), account).get(20, TimeUnit.SECONDS);
        }
      }
      Map<String, StreamPosition> answers = new ConcurrentHashMap<>();
      ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
      Semaphore window = new Semaphore(IN_FLIGHT);
      for (int i = 0; i < PAIRS; i++) {
        assertThat(window.tryAcquire(30, TimeUnit.SECONDS))
            .as("an answer in time")
            .isTrue();
        disturb(mesh, i);
        String id = ROOMS.get(0) + "-" + i;
        Difference difference = Difference.values()[i % Difference.values().length];
        CompletableFuture<RawJson> first =
            one.command("chat", "sendToRoom", id, arguments(i, Difference.NONE));
        CompletableFuture<RawJson> second =
            two.command("chat", "sendToRoom", id, arguments(i, difference));
        CompletableFuture<?> unused = CompletableFuture.allOf(first, second)
            .handle((done, failure) -> {
              judge(id, difference, told(first), told(second), answers, wrong);
              window.release();
              return null;
            });
      }
      assertThat(window.tryAcquire(IN_FLIGHT, 30, TimeUnit.SECONDS))
          .as("all answers")
          .isTrue();

      Committed committed = Committed.read(
          mesh.database(), ROOMS.stream().map(room -> "room:" + room).toList());
      Awaitility.await("everybody hears everything")
          .atMost(TAIL)
          .until(() -> accounts.stream()
              .allMatch(
                  account -> account.reaches(committed.head(account.topic()).orElseThrow())));
      Verdict verdict = Checker.check(committed, answers, accounts);
      System.out.printf("%d answers, %s%n", answers.size(), verdict);
      assertThat(wrong).isEmpty();
      assertThat(answers).hasSize(PAIRS);
      assertThat(verdict.isWhole()).as(verdict.toString()).isTrue();
    }
  }

  private static void disturb(MeshProcesses mesh, int pair) {
    switch (pair) {
      case PAIRS / 10 -> mesh.rig().wires().cut("chat-1", "gateway-2");
      case PAIRS * 6 / 10 -> mesh.rig().wires().heal();
      case PAIRS * 8 / 10 -> freezeForAWhile(mesh.process(mesh.busiest("chat-1", "chat-2")));
      default -> {
        // Most pairs race undisturbed.
      }
    }
  }

  private static void freezeForAWhile(RunningProcess process) {
    process.freeze();
    CompletableFuture<?> unused = CompletableFuture.runAsync(
        process::thaw, CompletableFuture.delayedExecutor(FROZEN.toMillis(), TimeUnit.MILLISECONDS));
  }

  private static RawJson arguments(int number, Difference difference) {
    int room = difference == Difference.ROOM ? number + 1 : number;
    String text = difference == Difference.TEXT ? "other" : "text";
    return RawJson.trusted(
        "{\"room\":\"" + ROOMS.get(room % ROOMS.size()) + "\",\"text\":\"" + text + "\"}");
  }

  private static String told(CompletableFuture<RawJson> answer) {
    try {
      return answer.join().toString();
    } catch (CompletionException e) {
      return e.getCause() instanceof RefusedException refused
          ? refused.failure().code()
          : String.valueOf(e.getCause());
    }
  }

  private static void judge(
      String id,
      Difference difference,
      String first,
      String second,
      Map<String, StreamPosition> answers,
      ConcurrentLinkedQueue<String> wrong) {
    Map<Boolean, List<String>> byKind = new TreeMap<>();
    List.of(first, second)
        .forEach(told -> byKind
            .computeIfAbsent(told.startsWith("{"), none -> new ArrayList<>())
            .add(told));
    List<String> done = byKind.getOrDefault(true, List.of());
    List<String> refused = byKind.getOrDefault(false, List.of());
    boolean right = difference == Difference.NONE
        ? done.size() == 2 && first.equals(second)
        : done.size() == 1 && refused.equals(List.of("conflict"));
    if (!right) {
      wrong.add("%s, other %s: %s and %s".formatted(id, difference, first, second));
    }
    if (!done.isEmpty()) {
      answers.put(id, Volley.answered(RawJson.trusted(done.get(0))));
    }
  }
}
