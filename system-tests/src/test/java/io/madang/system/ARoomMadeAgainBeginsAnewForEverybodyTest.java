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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A room ends with its last member and is made again under its name, and gets more messages than it had. Who listens all the time
 * and who comes back with a position of the first life are told of the break once, and of everything after it.
 */
@Tag("cluster")
@ExtendWith(SharedMesh.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class ARoomMadeAgainBeginsAnewForEverybodyTest {
  private static final int FIRST_LIFE = 8_000;
  private static final int SECOND_LIFE = 12_000;
  private static final Duration LIMIT = Duration.ofSeconds(25);
  private static final String ROOM = "made-again";
  private static final String TOPIC = "room:" + ROOM;
  private static final RawJson NAMED = RawJson.trusted("{\"room\":\"" + ROOM + "\"}");

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void also_for_those_who_hold_old_positions(MeshProcesses mesh) throws Exception {
    List<MadangClient> clients = new ArrayList<>();
    try (MadangClient owner = mesh.client("gateway-1", "owner")) {
      owner.command("chat", "joinRoom", NAMED).get(20, TimeUnit.SECONDS);
      List<Account> always = new ArrayList<>();
      List<Account> absent = new ArrayList<>();
      List<String> tokens = new ArrayList<>();
      List<MadangClient> leaving = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        always.add(
            listen(mesh, clients, "always-" + i, mesh.guestToken("gateway-1", "always-" + i), i));
        tokens.add(mesh.guestToken("gateway-1", "absent-" + i));
        absent.add(listen(mesh, leaving, "absent-" + i, tokens.get(i), i));
      }

      Map<String, StreamPosition> answers =
          new HashMap<>(Volley.send(owner, ROOM, "first", FIRST_LIFE, LIMIT));
      leaving.forEach(MadangClient::close);
      Committed first = Committed.read(mesh.database(), List.of(TOPIC));
      StreamPosition end = first.head(TOPIC).orElseThrow();
      owner.command("chat", "leaveRoom", "leave", NAMED).get(20, TimeUnit.SECONDS);
      first = first.and(TOPIC, new StreamPosition(end.epoch(), end.offset() + 1), "leave");
      owner.command("chat", "joinRoom", NAMED).get(20, TimeUnit.SECONDS);
      answers.putAll(Volley.send(owner, ROOM, "second", SECOND_LIFE / 2, LIMIT));
      for (int i = 0; i < absent.size(); i++) {
        MadangClient back = mesh.clientOf("gateway-" + (1 + i % 2), tokens.get(i));
        clients.add(back);
        back.subscribe(TOPIC, absent.get(i).last().orElseThrow(), absent.get(i))
            .get(20, TimeUnit.SECONDS);
      }
      answers.putAll(Volley.send(owner, ROOM, "third", SECOND_LIFE / 2, LIMIT));

      Committed second = Committed.read(mesh.database(), List.of(TOPIC));
      StreamPosition head = second.head(TOPIC).orElseThrow();
      assertThat(head.epoch()).isNotEqualTo(end.epoch());
      List<Account> all = new ArrayList<>(always);
      all.addAll(absent);
      Awaitility.await("everybody at " + head)
          .atMost(LIMIT)
          .until(() -> all.stream().allMatch(account -> account.reaches(head)));
      Verdict verdict = Checker.check(first.followedBy(second), answers, all);
      System.out.println(verdict);
      assertThat(verdict.isClean()).as(verdict.toString()).isTrue();
      assertThat(verdict.gaps()).as("one break for each").isEqualTo(all.size());
    } finally {
      clients.forEach(MadangClient::close);
    }
  }

  private static Account listen(
      MeshProcesses mesh, List<MadangClient> clients, String name, String token, int number)
      throws Exception {
    MadangClient client = mesh.clientOf("gateway-" + (1 + number % 2), token);
    clients.add(client);
    Account account = new Account(name, TOPIC);
    client.subscribe(TOPIC, account).get(20, TimeUnit.SECONDS);
    return account;
  }
}
