package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.client.MadangClient;
import io.madang.client.TopicListener;
import io.madang.protocol.frame.ServerFrame.Publication;
import io.madang.protocol.json.RawJson;
import io.madang.system.traffic.Account;
import io.madang.system.traffic.Checker;
import io.madang.system.traffic.Committed;
import io.madang.system.traffic.PlainReader;
import io.madang.system.traffic.Traffic.Plan;
import io.madang.system.traffic.Verdict;
import io.madang.testkit.RedisLine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * One of two presence nodes dies while people come, change their status and go. Each change is told to everybody who looks on,
 * once and in order; nobody is said to be gone who is there, nobody stays who went; and messages flow on.
 */
@Tag("cluster")
@ExtendWith(SharedMesh.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class AKilledPresenceNodeIsNotNoticedTest {
  private static final Duration LIMIT = Duration.ofSeconds(45);
  private static final Duration TOLD_WITHIN = Duration.ofSeconds(25);
  private static final long BETWEEN_CHANGES_MS = 50;
  private static final int EARLY = 12;
  private static final int GOING = 4;
  private static final int LATE = 4;
  private static final int CHANGES = 60;
  private static final String ROOM = "noticed";
  private static final String TOPIC = "presence:" + ROOM;
  private static final Pattern TEXT = Pattern.compile("\"text\"\\s*:\\s*\"([^\"]*)\"");
  private static final TopicListener NOBODY = publication -> {};

  @Test
  @Timeout(value = 90, unit = TimeUnit.SECONDS)
  void and_each_coming_change_and_going_is_told_once(MeshProcesses mesh) throws Exception {
    List<Mover> early = movers(mesh, "early", EARLY);
    List<Mover> late = movers(mesh, "late", LATE);
    try (LoadedMesh load = LoadedMesh.of(mesh, Plan.usual());
        Onlookers onlookers = new Onlookers(mesh);
        RedisLine redis = new RedisLine(mesh.redis().url())) {
      come(early, redis);
      List<CompletableFuture<?>> changing = new ArrayList<>();
      early.forEach(mover -> changing.add(mover.change(0)));
      load.awaitShare(0.4, LIMIT);

      mesh.process(mesh.busiest("presence-1", "presence-2")).kill();

      come(late, redis);
      late.forEach(mover -> changing.add(mover.change(0)));
      load.assertNothingLost(LIMIT);
      for (CompletableFuture<?> all : changing) {
        all.get(TOLD_WITHIN.toSeconds(), TimeUnit.SECONDS);
      }
      List<Mover> going = early.subList(0, GOING);
      going.forEach(Mover::go);

      List<String> expected = Stream.concat(
              Stream.concat(early.stream(), late.stream()).flatMap(Mover::whileThere),
              going.stream().map(Mover::departure))
          .toList();
      Awaitility.await("what happened is kept")
          .atMost(TOLD_WITHIN)
          .until(() -> Committed.readPresence(redis, TOPIC).size() >= expected.size());
      Committed committed = Committed.readPresence(redis, TOPIC);
      onlookers.awaitEnd(committed);
      Verdict verdict = Checker.check(committed, Map.of(), onlookers.accounts);
      System.out.println("presence: " + verdict);
      assertThat(committed.commands(TOPIC)).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(verdict.isWhole()).as(verdict.toString()).isTrue();
      assertThat(verdict.heard()).isEqualTo((long) expected.size() * onlookers.accounts.size());
    } finally {
      early.forEach(Mover::close);
      late.forEach(Mover::close);
    }
  }

  private static List<Mover> movers(MeshProcesses mesh, String name, int count) throws Exception {
    List<Mover> movers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      movers.add(new Mover(mesh.client("gateway-" + (1 + i % 2), name + "-mover-" + i)));
    }
    return movers;
  }

  /** Who changes the status before having arrived arrives with it. */
  private static void come(List<Mover> movers, RedisLine redis) throws Exception {
    for (Mover mover : movers) {
      mover.come();
    }
    Awaitility.await("the arrivals")
        .atMost(TOLD_WITHIN)
        .until(() -> Committed.readPresence(redis, TOPIC)
            .commands(TOPIC)
            .containsAll(movers.stream().map(Mover::arrival).toList()));
  }

  /** A member of the room who comes, changes the status again and again, and may go. */
  private static final class Mover implements AutoCloseable {
    private final MadangClient client;
    private final String user;

    Mover(MadangClient client) throws Exception {
      this.client = client;
      this.user = client.connected().get(20, TimeUnit.SECONDS).user().id();
      client
          .command("chat", "joinRoom", RawJson.trusted("{\"room\":\"" + ROOM + "\"}"))
          .get(20, TimeUnit.SECONDS);
    }

    void come() throws Exception {
      client.subscribe("room:" + ROOM, NOBODY).get(20, TimeUnit.SECONDS);
    }

    /** Gives the changes from that number on, each a moment after the one before was answered. */
    CompletableFuture<?> change(int number) {
      if (number == CHANGES) {
        return CompletableFuture.completedFuture(null);
      }
      return client
          .command(
              "presence",
              "setStatus",
              RawJson.trusted("{\"status\":\"dnd\",\"text\":\"" + number + "\"}"))
          .thenComposeAsync(
              done -> change(number + 1),
              CompletableFuture.delayedExecutor(BETWEEN_CHANGES_MS, TimeUnit.MILLISECONDS));
    }

    void go() {
      client.unsubscribe("room:" + ROOM);
    }

    String arrival() {
      return Committed.presenceMark("arrived", user, "");
    }

    Stream<String> whileThere() {
      return Stream.concat(
          Stream.of(arrival()),
          IntStream.range(0, CHANGES)
              .mapToObj(i -> Committed.presenceMark("status", user, Integer.toString(i))));
    }

    String departure() {
      return Committed.presenceMark("departed", user, "");
    }

    @Override
    public void close() {
      client.close();
    }
  }

  /** Two who look on at each gateway, one of whom mends nothing. */
  private static final class Onlookers implements AutoCloseable {
    private final List<Account> accounts = new ArrayList<>();
    private final List<MadangClient> clients = new ArrayList<>();
    private final List<PlainReader> readers = new ArrayList<>();

    Onlookers(MeshProcesses mesh) throws Exception {
      for (String gateway : List.of("gateway-1", "gateway-2")) {
        Account account = account("client of " + gateway);
        clients.add(mesh.client(gateway, "onlooker"));
        clients.get(clients.size() - 1).subscribe(TOPIC, account).get(20, TimeUnit.SECONDS);
        Account plain = account("reader of " + gateway);
        String token = mesh.guestToken(gateway, "onlooker");
        PlainReader reader =
            PlainReader.start(List.of(mesh.socket(gateway)), token, List.of(plain));
        readers.add(reader);
        Awaitility.await("an onlooker").atMost(TOLD_WITHIN).until(reader::hears);
      }
    }

    private Account account(String name) {
      Account account = new Account(name, TOPIC, Onlookers::mark);
      accounts.add(account);
      return account;
    }

    private static String mark(Publication publication) {
      Matcher text = TEXT.matcher(publication.data().toString());
      return Committed.presenceMark(
          publication.event(), publication.key().orElseThrow(), text.find() ? text.group(1) : "");
    }

    void awaitEnd(Committed committed) {
      Awaitility.await("the end at every onlooker")
          .atMost(TOLD_WITHIN)
          .until(() -> accounts.stream()
              .allMatch(account -> account.reaches(committed.head(TOPIC).orElseThrow())));
    }

    @Override
    public void close() {
      clients.forEach(MadangClient::close);
      readers.forEach(PlainReader::close);
    }
  }
}
