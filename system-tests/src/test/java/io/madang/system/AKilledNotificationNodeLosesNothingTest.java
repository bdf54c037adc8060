package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.client.MadangClient;
import io.madang.protocol.json.RawJson;
import io.madang.system.traffic.Account;
import io.madang.system.traffic.Checker;
import io.madang.system.traffic.Committed;
import io.madang.system.traffic.PlainReader;
import io.madang.system.traffic.Traffic.Plan;
import io.madang.system.traffic.Verdict;
import io.madang.system.traffic.Volley;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * One of two notification nodes dies while notifications are sent and people mentioned. Each is kept once and told to every
 * connection of its user once and in order, a mention once however often chat's outbox had to bring it; and messages flow on.
 */
@Tag("cluster")
@ExtendWith(SharedMesh.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class AKilledNotificationNodeLosesNothingTest {
  private static final Duration LIMIT = Duration.ofSeconds(45);
  private static final Duration TOLD_WITHIN = Duration.ofSeconds(25);
  private static final int USERS = 4;
  private static final int SENT = 2_000;
  private static final int MENTIONS = 200;
  private static final String ROOM = "mentions";

  @Test
  @Timeout(value = 90, unit = TimeUnit.SECONDS)
  void and_each_notification_is_told_once(MeshProcesses mesh) throws Exception {
    ExecutorService senders = Executors.newFixedThreadPool(2);
    try (Receivers receivers = new Receivers(mesh);
        MadangClient admin = mesh.clientOf("gateway-1", mesh.adminToken("gateway-1", "admin"));
        MadangClient author = mesh.client("gateway-2", "author");
        LoadedMesh load = LoadedMesh.of(mesh, Plan.usual())) {
      author
          .command("chat", "joinRoom", RawJson.trusted("{\"room\":\"" + ROOM + "\"}"))
          .get(20, TimeUnit.SECONDS);
      Future<Map<String, RawJson>> sent = senders.submit(sending(admin, receivers));
      Future<Map<String, RawJson>> said = senders.submit(mentioning(author, receivers));
      load.awaitShare(0.3, LIMIT);

      mesh.process(mesh.busiest("notification-1", "notification-2")).kill();

      load.assertNothingLost(LIMIT);
      Set<String> answered = sent.get(LIMIT.toSeconds(), TimeUnit.SECONDS).keySet();
      assertThat(said.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).hasSize(MENTIONS);
      Awaitility.await("all are kept")
          .atMost(TOLD_WITHIN)
          .until(() -> receivers.committed(mesh).size() >= SENT + MENTIONS);
      Committed committed = receivers.committed(mesh);
      Awaitility.await("the end at every connection")
          .atMost(TOLD_WITHIN)
          .until(() -> receivers.accounts.stream()
              .allMatch(
                  account -> account.reaches(committed.head(account.topic()).orElseThrow())));
      Verdict verdict = Checker.check(committed, Map.of(), receivers.accounts);
      System.out.println("notifications: " + verdict);
      List<String> kept = receivers.topics().stream()
          .flatMap(topic -> committed.commands(topic).stream())
          .toList();
      assertThat(kept).hasSize(SENT + MENTIONS).doesNotHaveDuplicates().containsAll(answered);
      assertThat(answered).hasSize(SENT);
      assertThat(verdict.isWhole()).as(verdict.toString()).isTrue();
      assertThat(verdict.heard()).isEqualTo(2L * (SENT + MENTIONS));
    } finally {
      senders.shutdownNow();
    }
  }

  private static Callable<Map<String, RawJson>> sending(MadangClient admin, Receivers receivers) {
    return () -> Volley.give(
        admin,
        "notification",
        "send",
        "notice",
        SENT,
        id -> RawJson.trusted("{\"userId\":\"%s\",\"title\":\"%s\",\"message\":\"\"}"
            .formatted(receivers.user(id), id)),
        LIMIT);
  }

  private static Callable<Map<String, RawJson>> mentioning(
      MadangClient author, Receivers receivers) {
    return () -> Volley.give(
        author,
        "chat",
        "sendToRoom",
        "mention",
        MENTIONS,
        id -> RawJson.trusted(
            "{\"room\":\"%s\",\"text\":\"@%s %s\"}".formatted(ROOM, receivers.user(id), id)),
        LIMIT);
  }

  /** Users with two connections each, one at each gateway, one of which mends nothing. */
  private static final class Receivers implements AutoCloseable {
    private final List<String> users = new ArrayList<>();
    private final List<Account> accounts = new ArrayList<>();
    private final List<MadangClient> clients = new ArrayList<>();
    private final List<PlainReader> readers = new ArrayList<>();

    Receivers(MeshProcesses mesh) throws Exception {
      for (int i = 0; i < USERS; i++) {
        String token = mesh.guestToken("gateway-1", "receiver-" + i);
        MadangClient client = mesh.clientOf("gateway-" + (1 + i % 2), token);
        clients.add(client);
        String user = client.connected().get(20, TimeUnit.SECONDS).user().id();
        users.add(user);
        String topic = "notifications:" + user;
        Account account = new Account("client of " + i, topic);
        accounts.add(account);
        client.subscribe(topic, account).get(20, TimeUnit.SECONDS);
        client
            .command("chat", "joinRoom", RawJson.trusted("{\"room\":\"" + ROOM + "\"}"))
            .get(20, TimeUnit.SECONDS);
        PlainReader reader = PlainReader.start(
            "reader of " + i,
            List.of(mesh.socket("gateway-" + (2 - i % 2))),
            token,
            List.of(topic));
        readers.add(reader);
        accounts.addAll(reader.accounts());
        Awaitility.await("a receiver").atMost(TOLD_WITHIN).until(reader::hears);
      }
    }

    /** Whom the command of that id is for. */
    String user(String id) {
      return users.get(Math.floorMod(id.hashCode(), users.size()));
    }

    List<String> topics() {
      return users.stream().map(user -> "notifications:" + user).toList();
    }

    Committed committed(MeshProcesses mesh) {
      return Committed.readNotifications(mesh.database(), topics());
    }

    @Override
    public void close() {
      clients.forEach(MadangClient::close);
      readers.forEach(PlainReader::close);
    }
  }
}
