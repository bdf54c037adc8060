package io.madang.system.traffic;

import io.madang.client.ClientOptions;
import io.madang.client.MadangClient;
import io.madang.client.RefusedException;
import io.madang.protocol.code.Retry;
import io.madang.protocol.frame.StreamPosition;
import io.madang.protocol.json.RawJson;
import io.madang.testkit.TestDatabase;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Clients that send into rooms and clients that listen to all of them, spread over gateways and going on at another when theirs
 * is lost. Every message has an id of its own and is given again under it until it is answered. Half of the listeners are
 * applications' clients; the others mend nothing, so that what gateways do wrong is seen. Used by the test's thread.
 */
public final class Traffic implements AutoCloseable {
  private static final Duration SETUP_LIMIT = Duration.ofSeconds(30);
  private static final long TICK_MS = 10;

  /**
   * How much of what.
   *
   * @param receivers who hear all rooms; of two that begin at the same gateway one mends nothing
   * @param messages all senders together
   * @param perSecond all senders together at most; what a fault holds up comes faster afterwards
   * @param inFlight of one sender, without an answer
   */
  public record Plan(
      int senders, int receivers, int rooms, int messages, int perSecond, int inFlight) {

    /** Four senders and six listeners in three rooms, 20,000 messages in no less than ten seconds. */
    public static Plan usual() {
      return new Plan(4, 6, 3, 20_000, 2_000, 64);
    }

    public Plan lasting(Duration atLeast) {
      return new Plan(
          senders,
          receivers,
          rooms,
          messages,
          (int) (messages * 1_000L / atLeast.toMillis()),
          inFlight);
    }
  }

  private final Plan plan;
  private final String run = UUID.randomUUID().toString().substring(0, 8);
  private final List<MadangClient> senders = new ArrayList<>();
  private final List<MadangClient> receivers = new ArrayList<>();
  private final List<PlainReader> readers = new ArrayList<>();
  private final List<String> rooms = new ArrayList<>();
  private final List<Account> accounts = new ArrayList<>();
  private final ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor(task -> {
    Thread thread = new Thread(task, "traffic");
    thread.setDaemon(true);
    return thread;
  });

  /** Commands answered as done, with the offset they tell; the epoch is not told and empty. */
  private final Map<String, StreamPosition> answers = new ConcurrentHashMap<>();

  private final List<String> failures = new CopyOnWriteArrayList<>();

  /** Ids of messages that were given and have no answer yet. */
  private final Set<String> unanswered = ConcurrentHashMap.newKeySet();

  /** Messages given again because their outcome was not known. */
  private final AtomicInteger repeats = new AtomicInteger();

  private final CompletableFuture<Void> finished = new CompletableFuture<>();

  private Traffic(Plan plan) {
    this.plan = plan;
    for (int i = 0; i < plan.rooms(); i++) {
      rooms.add("traffic-" + run + "-" + i);
    }
  }

  /**
   * Connects all clients, the first to the first gateway, the second to the second, and lets all listen.
   *
   * @param gateways addresses of sockets, {@code ws://…/ws}
   * @param tokens an access token for the user of that name
   */
  public static Traffic prepare(Plan plan, List<URI> gateways, Function<String, String> tokens) {
    Traffic traffic = new Traffic(plan);
    try {
      traffic.connectSenders(gateways, tokens);
      traffic.enterAll();
      traffic.listen(gateways, tokens);
      return traffic;
    } catch (RuntimeException | AssertionError e) {
      traffic.close();
      throw e;
    }
  }

  private void connectSenders(List<URI> gateways, Function<String, String> tokens) {
    for (int i = 0; i < plan.senders(); i++) {
      senders.add(client(gateways, i, tokens.apply("sender-" + i)));
    }
  }

  /** A client that begins at one gateway and goes on at the next. */
  public static MadangClient client(List<URI> gateways, int first, String token) {
    return MadangClient.connect(ClientOptions.of(turned(gateways, first), () -> Optional.of(token))
        .withConnectTimeout(Duration.ofSeconds(5))
        .withCommandTimeout(Duration.ofSeconds(40))
        .withBackoff(Duration.ofMillis(200), Duration.ofSeconds(1)));
  }

  private static List<URI> turned(List<URI> gateways, int first) {
    List<URI> turned = new ArrayList<>(gateways);
    Collections.rotate(turned, -first % gateways.size());
    return turned;
  }

  private void enterAll() {
    for (String room : rooms) {
      for (MadangClient sender : senders) {
        done(sender.command("chat", "joinRoom", RawJson.trusted("{\"room\":\"" + room + "\"}")));
      }
    }
  }

  private void listen(List<URI> gateways, Function<String, String> tokens) {
    for (int i = 0; i < plan.receivers(); i++) {
      String name = "listener-" + i;
      String token = tokens.apply(name);
      // So that each gateway has both kinds.
      if (i / gateways.size() % 2 == 0) {
        MadangClient receiver = client(gateways, i, token);
        receivers.add(receiver);
        for (String topic : topics()) {
          Account account = new Account(name, topic);
          accounts.add(account);
          done(receiver.subscribe(topic, account));
        }
      } else {
        PlainReader reader = PlainReader.start(name, turned(gateways, i), token, topics());
        readers.add(reader);
        accounts.addAll(reader.accounts());
        awaitHearing(reader);
      }
    }
  }

  private void awaitHearing(PlainReader reader) {
    long end = System.nanoTime() + SETUP_LIMIT.toNanos();
    while (!reader.hears()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("a reader hears nothing: " + reader.ends());
      }
      pauseForTick();
    }
  }

  private static <T> T done(CompletableFuture<T> future) {
    return done(future, SETUP_LIMIT);
  }

  private static <T> T done(CompletableFuture<T> future, Duration limit) {
    try {
      return future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("the traffic stands still: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Judges another listener of one of the rooms with its own. */
  public void alsoJudge(Account account) {
    accounts.add(account);
  }

  /** Begins to send; returns at once. */
  public void start() {
    for (int i = 0; i < senders.size(); i++) {
      Sender sender = new Sender(i);
      ScheduledFuture<?> unused =
          pace.scheduleAtFixedRate(sender::onTick, 0, TICK_MS, TimeUnit.MILLISECONDS);
    }
  }

  /** One sender's share, given on the traffic's thread; answers come on its client's. */
  private final class Sender {
    private final int number;
    private final MadangClient client;
    private final int share = plan.messages() / plan.senders();
    private final double perTick =
        (double) plan.perSecond() / plan.senders() * TICK_MS / TimeUnit.SECONDS.toMillis(1);
    private final AtomicInteger inFlight = new AtomicInteger();
    private int given;
    private double due;

    Sender(int number) {
      this.number = number;
      this.client = senders.get(number);
    }

    void onTick() {
      due = Math.min(share, due + perTick);
      while (given < due && inFlight.get() < plan.inFlight()) {
        String id = run + "-" + number + "-" + given;
        String room = rooms.get(given % rooms.size());
        given++;
        inFlight.incrementAndGet();
        unanswered.add(id);
        give(id, room);
      }
    }

    private void give(String id, String room) {
      CompletableFuture<?> unused = client
          .command("chat", "sendToRoom", id, Volley.message(room, id))
          .whenComplete((reply, failure) -> onAnswer(id, room, reply, failure));
    }

    private void onAnswer(String id, String room, RawJson reply, Throwable failure) {
      if (failure instanceof RefusedException refused
          && refused.failure().retry() == Retry.LATER
          && !pace.isShutdown()) {
        repeats.incrementAndGet();
        give(id, room);
        return;
      }
      if (failure == null) {
        answers.put(id, Volley.answered(reply));
      } else {
        failures.add(id + ": " + failure);
      }
      unanswered.remove(id);
      inFlight.decrementAndGet();
      if (answers.size() + failures.size() == share * plan.senders()) {
        finished.complete(null);
      }
    }
  }

  /** Waits until so many messages were answered. */
  public void awaitAnswered(int messages, Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    while (answers.size() < messages) {
      if (System.nanoTime() > end) {
        throw new AssertionError(
            "%d of %d messages were answered within %s".formatted(answers.size(), messages, limit));
      }
      pauseForTick();
    }
  }

  /**
   * Waits until all is answered that was given until now; what is given meanwhile may have no answer yet.
   *
   * @return how many had none when it was called
   */
  public int awaitAnswersToAllGiven(Duration limit) {
    List<String> given = List.copyOf(unanswered);
    long end = System.nanoTime() + limit.toNanos();
    while (!Collections.disjoint(given, unanswered)) {
      if (System.nanoTime() > end) {
        throw new AssertionError(
            "of %d messages some were not answered within %s".formatted(given.size(), limit));
      }
      pauseForTick();
    }
    return given.size();
  }

  private void pauseForTick() {
    done(CompletableFuture.runAsync(
        () -> {}, CompletableFuture.delayedExecutor(TICK_MS, TimeUnit.MILLISECONDS)));
  }

  /**
   * Waits until all is answered and everybody has heard what is committed, and judges it. Whoever has not heard it in time is
   * judged as it is.
   *
   * @param answersLimit for the answers
   * @param tail for hearing the end after it
   */
  public Verdict finish(TestDatabase database, Duration answersLimit, Duration tail) {
    try {
      finished.get(answersLimit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      failures.add("%d of %d messages have no answer after %s"
          .formatted(plan.messages() - answers.size(), plan.messages(), answersLimit));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
    Committed committed = Committed.read(database, topics());
    long end = System.nanoTime() + tail.toNanos();
    while (!accounts.stream().allMatch(account -> isComplete(account, committed))
        && System.nanoTime() < end) {
      pauseForTick();
    }
    return Checker.check(committed, Map.copyOf(answers), accounts);
  }

  private static boolean isComplete(Account account, Committed committed) {
    return committed.head(account.topic()).map(account::reaches).orElse(true);
  }

  /** Messages that were kept after a later one of the same sender in the same room. */
  public List<String> outOfOrder(TestDatabase database) {
    List<String> wrong = new ArrayList<>();
    Committed.read(database, topics()).entries().forEach((topic, entries) -> {
      Map<String, Integer> newest = new HashMap<>();
      for (Committed.Entry entry : entries) {
        int dash = entry.command().lastIndexOf('-');
        if (dash < 0 || !entry.command().startsWith(run)) {
          continue;
        }
        String sender = entry.command().substring(0, dash);
        int number = Integer.parseInt(entry.command().substring(dash + 1));
        int before = newest.merge(sender, number, Math::max);
        if (before > number) {
          wrong.add("%s: %s after %d".formatted(topic, entry, before));
        }
      }
    });
    return wrong;
  }

  /** Why connections of the listeners that mend nothing ended, one list for each of them. */
  public List<List<String>> readersEnds() {
    return readers.stream().map(PlainReader::ends).toList();
  }

  public List<String> topics() {
    return rooms.stream().map(room -> "room:" + room).toList();
  }

  public List<String> rooms() {
    return List.copyOf(rooms);
  }

  public int answered() {
    return answers.size();
  }

  /** Messages that were refused for good or have no answer, and why; none in a healthy run. */
  public List<String> failures() {
    return List.copyOf(failures);
  }

  public int repeats() {
    return repeats.get();
  }

  /** Subscriptions that the mesh ended, with the reason. */
  public Map<String, String> ended() {
    Map<String, String> ended = new TreeMap<>();
    accounts.forEach(account ->
        account.end().ifPresent(why -> ended.put(account.client() + account.topic(), why)));
    return ended;
  }

  @Override
  public void close() {
    pace.shutdownNow();
    senders.forEach(MadangClient::close);
    receivers.forEach(MadangClient::close);
    readers.forEach(PlainReader::close);
  }
}
