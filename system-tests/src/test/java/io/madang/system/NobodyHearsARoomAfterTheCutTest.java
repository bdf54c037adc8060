package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.client.MadangClient;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.StreamPosition;
import io.madang.protocol.json.RawJson;
import io.madang.system.traffic.Account;
import io.madang.system.traffic.Checker;
import io.madang.system.traffic.Committed;
import io.madang.system.traffic.PlainLine;
import io.madang.system.traffic.PlainReader;
import io.madang.system.traffic.Verdict;
import io.madang.system.traffic.Volley;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Kicks and bans given at one gateway race with subscriptions at another, again and again: whoever is thrown out hears everything
 * up to it and nothing that comes after it, whether the subscription was there, being set up or not asked for yet. Some of the
 * rooms have other listeners there, some are wanted there by nobody else.
 */
@Tag("cluster")
@ExtendWith(RiggedMesh.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class NobodyHearsARoomAfterTheCutTest {
  private static final int PUBLICATIONS = 20_000;
  private static final int ROUNDS = 200;
  private static final int ROOMS = 6;
  private static final int IN_FLIGHT = 12;
  private static final int APART_MS = 30;
  private static final long LIMIT_S = 20;
  private static final Duration END_WITHIN = Duration.ofSeconds(5);
  private static final Duration TAIL = Duration.ofSeconds(10);

  private final String run = UUID.randomUUID().toString().substring(0, 8);
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicInteger rounds = new AtomicInteger();
  private final AtomicInteger cutWhileHeard = new AtomicInteger();
  private final List<String> wrong = new CopyOnWriteArrayList<>();

  private static <T> T done(CompletableFuture<T> future) throws Exception {
    return future.get(LIMIT_S, TimeUnit.SECONDS);
  }

  private static RawJson json(String text, Object... values) {
    return RawJson.trusted(text.replace('\'', '"').formatted(values));
  }

  private static CompletableFuture<RawJson> chat(
      MadangClient client, String command, String arguments, Object... values) {
    return client.command("chat", command, json(arguments, values));
  }

  @Test
  @Timeout(value = 240, unit = TimeUnit.SECONDS)
  void however_it_races_with_a_subscription(MeshProcesses mesh) throws Exception {
    long seed = ThreadLocalRandom.current().nextLong();
    System.out.printf("The seed of the races is %d%n", seed);
    HttpClient http = HttpClient.newHttpClient();
    ExecutorService threads = Executors.newFixedThreadPool(ROOMS);
    List<String> rooms =
        IntStream.range(0, ROOMS).mapToObj(i -> "court-" + run + "-" + i).toList();
    List<PlainLine> victims = new ArrayList<>();
    String readerToken = mesh.guestToken("gateway-1", "reader");
    try (MadangClient owner = mesh.client("gateway-1", "owner");
        MadangClient listener = mesh.client("gateway-2", "listener");
        MadangClient reading = mesh.clientOf("gateway-1", readerToken)) {
      enterTheHall(listener);
      enterTheHall(reading);
      List<Account> heard = new ArrayList<>();
      List<Account> read = new ArrayList<>();
      for (int i = 0; i < ROOMS; i++) {
        String room = rooms.get(i);
        done(chat(
            owner,
            "createRoom",
            "{'room':'%s','options':{'visibility':'%s'}}",
            room,
            isPublic(i) ? "public" : "private"));
        bringIn(owner, reading, room);
        read.add(new Account("reader", "room:" + room));
        if (i % 2 == 0) {
          bringIn(owner, listener, room);
          Account account = new Account("listener", "room:" + room);
          done(listener.subscribe(account.topic(), account));
          heard.add(account);
        }
      }
      heard.addAll(read);
      try (PlainReader reader =
          PlainReader.start(List.of(mesh.socket("gateway-1")), readerToken, read)) {
        Awaitility.await("the reader hears all rooms").until(reader::hears);
        List<Future<?>> racing = new ArrayList<>();
        for (int i = 0; i < ROOMS; i++) {
          PlainLine line = PlainLine.open(
              http, mesh.socket("gateway-2"), mesh.guestToken("gateway-2", "victim-" + i));
          victims.add(line);
          done(line.command("chat", "joinRoom", json("{'room':'hall'}")));
          racing.add(threads.submit(
              new Victim(owner, line, rooms.get(i), isPublic(i), new Random(seed + i))));
        }

        Map<String, StreamPosition> answers = sendWhileTheyRace(owner, rooms);
        for (Future<?> one : racing) {
          one.get(LIMIT_S, TimeUnit.SECONDS);
        }
        assertThat(wrong).isEmpty();

        List<String> topics = rooms.stream().map(room -> "room:" + room).toList();
        Committed committed = Committed.read(mesh.database(), topics);
        Awaitility.await("everybody else hears everything")
            .atMost(TAIL)
            .until(() -> heard.stream()
                .allMatch(one -> one.reaches(committed.head(one.topic()).orElseThrow())));
        Verdict verdict = Checker.check(committed, answers, heard);
        System.out.printf(
            "%d rounds, in %d of them something was cut; %s%n",
            rounds.get(), cutWhileHeard.get(), verdict);
        assertThat(verdict.isWhole()).as(verdict.toString()).isTrue();
        assertThat(answers).hasSizeGreaterThanOrEqualTo(PUBLICATIONS);
        assertThat(cutWhileHeard).as("races that the subscription won").hasPositiveValue();
        assertThat(rounds.get() - cutWhileHeard.get()).as("races that it lost").isPositive();
      }
    } finally {
      over.set(true);
      threads.shutdownNow();
      victims.forEach(PlainLine::close);
    }
  }

  /** A third of the rooms is open to everybody who is not banned. */
  private static boolean isPublic(int room) {
    return room % 3 == 2;
  }

  /** Who was never seen cannot be invited. */
  private static void enterTheHall(MadangClient client) throws Exception {
    done(chat(client, "joinRoom", "{'room':'hall'}"));
  }

  private static void bringIn(MadangClient owner, MadangClient other, String room)
      throws Exception {
    String user = done(other.connected()).user().id();
    done(chat(owner, "inviteUser", "{'room':'%s','user':'%s'}", room, user));
    done(chat(other, "joinRoom", "{'room':'%s'}", room));
  }

  private Map<String, StreamPosition> sendWhileTheyRace(MadangClient owner, List<String> rooms)
      throws Exception {
    Map<String, StreamPosition> answers = new ConcurrentHashMap<>();
    Semaphore window = new Semaphore(IN_FLIGHT);
    for (int i = 0; wrong.isEmpty() && (i < PUBLICATIONS || rounds.get() < ROUNDS); i++) {
      assertThat(window.tryAcquire(LIMIT_S, TimeUnit.SECONDS))
          .as("an answer in time")
          .isTrue();
      String id = run + "-" + i;
      CompletableFuture<?> unused = owner
          .command(
              "chat", "sendToRoom", id, json("{'room':'%s','text':'%d'}", rooms.get(i % ROOMS), i))
          .whenComplete((reply, failure) -> {
            if (failure == null) {
              answers.put(id, Volley.answered(reply));
            } else {
              wrong.add(id + ": " + failure);
            }
            window.release();
          });
    }
    over.set(true);
    assertThat(window.tryAcquire(IN_FLIGHT, LIMIT_S, TimeUnit.SECONDS)).isTrue();
    return answers;
  }

  /** One who comes into one room and is thrown out of it, until it is over. */
  private final class Victim implements Runnable {
    private final MadangClient owner;
    private final PlainLine line;
    private final String room;
    private final String topic;
    private final boolean banned;
    private final Random random;

    /** Whether the gateway has said that it hears the room, and not that it does not any more. */
    private boolean hearing;

    /** Offset of the newest thing it was told. */
    private long last;

    Victim(MadangClient owner, PlainLine line, String room, boolean banned, Random random) {
      this.owner = owner;
      this.line = line;
      this.room = room;
      this.topic = "room:" + room;
      this.banned = banned;
      this.random = random;
    }

    @Override
    public void run() {
      try {
        while (!over.get()) {
          round();
        }
        // What comes too late must come before somebody looks.
        Pause.of(Duration.ofMillis(500));
        note(Long.MAX_VALUE);
      } catch (Exception | AssertionError e) {
        wrong.add(room + ": " + e);
      }
    }

    private void round() throws Exception {
      letIn();
      CompletableFuture<ServerFrame> subscribed;
      CompletableFuture<RawJson> thrownOut;
      if (random.nextInt(3) == 0) {
        thrownOut = throwOut();
        apart();
        subscribed = line.subscribe(topic);
      } else {
        subscribed = line.subscribe(topic);
        apart();
        thrownOut = throwOut();
      }
      long cut = Volley.answered(done(thrownOut)).offset();
      boolean came = done(subscribed) instanceof ServerFrame.Subscribed;
      if (came) {
        Awaitility.await(topic + " ends for who was thrown out")
            .atMost(END_WITHIN)
            .pollInterval(Duration.ofMillis(5))
            .until(() -> {
              note(cut);
              return !hearing;
            });
        if (last < cut - 1) {
          wrong.add("%s: cut at %d after %d".formatted(room, cut, last));
        }
        cutWhileHeard.incrementAndGet();
      }
      if (!(done(line.subscribe(topic)) instanceof ServerFrame.Error)) {
        wrong.add("%s: let in after %d".formatted(room, cut));
      }
      note(cut);
      rounds.incrementAndGet();
    }

    private void letIn() throws Exception {
      if (banned) {
        done(chat(owner, "unbanUser", "{'room':'%s','user':'%s'}", room, line.user()));
      } else {
        done(chat(owner, "inviteUser", "{'room':'%s','user':'%s'}", room, line.user()));
        ServerFrame joined = done(line.command("chat", "joinRoom", json("{'room':'%s'}", room)));
        assertThat(joined).isInstanceOf(ServerFrame.Reply.class);
      }
    }

    private CompletableFuture<RawJson> throwOut() {
      return chat(
          owner, banned ? "banUser" : "kickUser", "{'room':'%s','user':'%s'}", room, line.user());
    }

    private void apart() throws Exception {
      if (random.nextBoolean()) {
        done(CompletableFuture.runAsync(
            () -> {},
            CompletableFuture.delayedExecutor(random.nextInt(APART_MS), TimeUnit.MILLISECONDS)));
      }
    }

    /** Looks at what came; nothing may lie after the cut. */
    private void note(long cut) {
      for (ServerFrame frame : line.take()) {
        if (frame instanceof ServerFrame.Subscribed subscribed) {
          hearing = true;
          last = subscribed.topic().position().offset();
          requireBefore(cut, last);
        } else if (frame instanceof ServerFrame.Unsubscribed) {
          hearing = false;
        } else if (frame instanceof ServerFrame.Gap) {
          wrong.add("%s: %s".formatted(room, frame));
        } else if (frame instanceof ServerFrame.Publication publication) {
          publication.place().ifPresent(place -> {
            if (!hearing || place.prev() > last || place.offset() <= last) {
              wrong.add(
                  "%s: hears %s after %d, hearing is %s".formatted(room, place, last, hearing));
            }
            last = place.offset();
            requireBefore(cut, last);
          });
        }
      }
    }

    private void requireBefore(long cut, long offset) {
      if (offset > cut) {
        wrong.add("%s: told of %d after the cut at %d".formatted(room, offset, cut));
      }
    }
  }
}
