package io.madang.benchmarks.generator;

import io.madang.benchmarks.hearing.Ledger;
import io.madang.benchmarks.hearing.Phase;
import io.madang.benchmarks.hearing.Subscription;
import io.madang.benchmarks.hearing.TopicLog;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * What a generator can be told to do, one JSON object each; every order has one answer, which may take its time. Names of topics
 * may hold {@code {n}}, a number from 1 on, or {@code {user}}, the client's own id.
 */
final class Orders {
  private static final long SECOND = 1_000_000_000L;

  private final ClientLoop loop;
  private final List<String> tokens;
  private final List<String> users;
  private final Map<String, Group> groups = new LinkedHashMap<>();

  private Orders(ClientLoop loop, List<String> users, List<String> tokens) {
    this.loop = loop;
    this.users = users;
    this.tokens = tokens;
  }

  /** @param people a file with an id and a token in each line, of whom clients sign in as; empty where nobody has to */
  static Orders of(ClientLoop loop, Path people) throws IOException {
    List<String[]> lines =
        Files.readAllLines(people).stream().map(line -> line.split(" ", 2)).toList();
    return new Orders(
        loop,
        lines.stream().map(line -> line[0]).toList(),
        lines.stream().map(line -> line[1]).toList());
  }

  void take(JsonObject order, Consumer<JsonObject> answer) {
    switch (order.getString("do")) {
      case "open" -> open(order, answer);
      case "ask" -> ask(order, answer);
      case "subscribe" -> subscribe(order, answer);
      case "send" -> send(order, answer);
      case "phase" -> {
        loop.ledger().begin(order.getString("name"), order.getLong("at"));
        answer.accept(new JsonObject());
      }
      case "reading" -> {
        Consumer<Client> change =
            order.getBoolean("on") ? Client::startReading : Client::stopReading;
        clientsOf(order).forEach(change);
        answer.accept(new JsonObject());
      }
      case "stop" -> {
        if (loop.load() != null) {
          loop.load().stop();
        }
        answer.accept(new JsonObject());
      }
      case "settle" -> settle(order, answer);
      case "returned" -> answer.accept(returned());
      case "report" -> answer.accept(report());
      default -> throw new IllegalArgumentException("no such order: " + order);
    }
  }

  private List<Client> clientsOf(JsonObject order) {
    return groups.get(order.getString("group")).clients();
  }

  private void open(JsonObject order, Consumer<JsonObject> answer) {
    List<InetSocketAddress> servers = order.getJsonArray("ports").stream()
        .map(port -> new InetSocketAddress(InetAddress.getLoopbackAddress(), (Integer) port))
        .toList();
    Group group = groups.computeIfAbsent(
        order.getString("group"),
        name -> new Group(
            groups.size(),
            name,
            door(order.getString("door")),
            servers,
            order.getBoolean("returns", false),
            order.getInteger("receiveBuffer", 0),
            order.getInteger("before"),
            new ArrayList<>()));
    int first = order.getInteger("firstNumber");
    int addresses = order.getInteger("addresses");
    List<Client> fresh = new ArrayList<>();
    for (int i = 0; i < order.getInteger("count"); i++) {
      int number = first + i;
      String token = number < tokens.size() ? tokens.get(number) : "";
      InetSocketAddress own = new InetSocketAddress("127.0.0." + (2 + number % addresses), 0);
      fresh.add(new Client(loop, group, number, token, own));
    }
    group.clients().addAll(fresh);
    if (group.door().signOfLife().length > 0) {
      loop.signsOfLife().add(fresh);
    }
    loop.go(new Opening(
        fresh,
        order.getInteger("perSecond"),
        () -> answer.accept(new JsonObject()
            .put("ready", fresh.stream().filter(Client::isReady).count())
            .put("complaints", new JsonArray(loop.ledger().complaints())))));
  }

  private static Door door(String name) {
    return switch (name) {
      case "room" -> new MadangDoor(MadangDoor.Letters.ROOM);
      case "bench" -> new MadangDoor(MadangDoor.Letters.BENCH);
      case "direct" -> new MadangDoor(MadangDoor.Letters.DIRECT);
      case "room-at-hub" -> HubDoor.json(HubDoor.OF_CHAT);
      case "room-at-hub-packed" -> HubDoor.packed(HubDoor.OF_CHAT);
      case "bench-at-hub" -> HubDoor.json(HubDoor.OF_BENCH);
      case "bench-at-hub-packed" -> HubDoor.packed(HubDoor.OF_BENCH);
      case "bridge" -> BaselineDoor.bridge();
      case "write-each" -> BaselineDoor.writeEach();
      default -> throw new IllegalArgumentException("no such door: " + name);
    };
  }

  /** Client i of n asks about topics i, i + n, … or, when there are fewer topics than clients, topic i modulo them. */
  private void ask(JsonObject order, Consumer<JsonObject> answer) {
    List<Client> all = clientsOf(order);
    int topics = order.getInteger("topics");
    Stream<Asking.Ask> asks = IntStream.range(0, Math.max(topics, all.size())).mapToObj(i -> {
      Client client = all.get(i % all.size());
      String text = order.getString("text").replace("{n}", Integer.toString(i % topics + 1));
      return new Asking.Ask(
          client,
          text.replace("{ref}", Long.toString(loop.nextRef())).replace("{user}", user(client)));
    });
    loop.go(new Asking(asks.iterator(), true, () -> answer.accept(new JsonObject())));
  }

  private String user(Client client) {
    return client.number() < users.size() ? users.get(client.number()) : "";
  }

  /** Client i of the group, those in other processes included, subscribes to {@code each} topics from i times that on, over and over all of them. */
  private void subscribe(JsonObject order, Consumer<JsonObject> answer) {
    List<Client> all = clientsOf(order);
    int topics = order.getInteger("topics");
    int each = order.getInteger("each");
    int before = all.get(0).group().before();
    boolean answered = all.get(0).group().door().answers();
    Iterator<Asking.Ask> asks = IntStream.range(0, all.size() * each)
        .mapToObj(i -> {
          // Round after round, so that no client waits for all of its answers at once.
          Client client = all.get(i % all.size());
          int topic = ((before + i % all.size()) * each + i / all.size()) % topics + 1;
          String name = order
              .getString("topic")
              .replace("{n}", Integer.toString(topic))
              .replace("{user}", user(client));
          return new Asking.Ask(client, client.group().door().subscribe(loop.nextRef(), name));
        })
        .iterator();
    loop.go(new Asking(asks, answered, () -> answer.accept(new JsonObject())));
  }

  /** Begins to send and answers at once. */
  private void send(JsonObject order, Consumer<JsonObject> answer) {
    List<Client> senders = clientsOf(order);
    String pattern = order.getString("topic");
    Load.Topics topics = new Load.Topics(
        order.getInteger("topics"),
        n -> pattern
            .replace("{n}", Long.toString(n + 1))
            .replace("{user}", n < users.size() ? users.get((int) n) : ""));
    long now = System.nanoTime();
    long seconds = order.getLong("seconds");
    int rate = order.getInteger("rate");
    int bytes = order.getInteger("bytes");
    long first = loop.load() == null ? 0 : loop.load().after();
    loop.send(
        rate > 0
            ? Load.atRate(
                loop.ledger(),
                senders,
                topics,
                bytes,
                new Schedule(now, rate, rate * seconds),
                first)
            : Load.whenAnswered(
                loop.ledger(),
                senders,
                topics,
                bytes,
                order.getInteger("window"),
                now + seconds * SECOND,
                first));
    answer.accept(new JsonObject());
  }

  /** Answers when everything sent is answered, everybody away is back and every client is where its topics are. */
  private void settle(JsonObject order, Consumer<JsonObject> answer) {
    loop.go(new Settling(
        loop.ledger(),
        () -> loop.load() != null
            && loop.load().isOver(System.nanoTime())
            && loop.load().isAnswered()
            && loop.returning().away() == 0
            && allClients().allMatch(Orders::isWhereItsTopicsAre)
            && loop.ledger().unheard() == 0,
        order.getLong("quietMs") * 1_000_000,
        () -> answer.accept(new JsonObject())));
  }

  private Stream<Client> allClients() {
    return groups.values().stream().flatMap(group -> group.clients().stream());
  }

  private static boolean isWhereItsTopicsAre(Client client) {
    return client.subscriptions().stream()
        .allMatch(each -> each.check().last() >= each.log().newest());
  }

  private JsonObject returned() {
    Returning returning = loop.returning();
    return new JsonObject()
        .put("away", returning.away())
        .put("tookMs", returning.tookNanos() / 1_000_000)
        .put("times", encoded(returning.times().micros()))
        .put("reasons", new JsonObject(Map.copyOf(returning.reasons())));
  }

  private JsonObject report() {
    Ledger ledger = loop.ledger();
    JsonArray phases = new JsonArray();
    for (Phase phase : ledger.phases()) {
      JsonObject heard = new JsonObject();
      groups.forEach(
          (name, group) -> heard.put(name, encoded(phase.of(group.index()).micros())));
      phases.add(new JsonObject()
          .put("name", phase.name())
          .put("sent", phase.sentMessages())
          .put("accepted", phase.acceptedMessages())
          .put("answers", encoded(phase.answers().micros()))
          .put("heard", heard));
    }
    return new JsonObject().put("phases", phases).put("check", checked(ledger));
  }

  private JsonObject checked(Ledger ledger) {
    List<Subscription> subscriptions =
        allClients().flatMap(client -> client.subscriptions().stream()).toList();
    return new JsonObject()
        .put("subscriptions", subscriptions.size())
        .put(
            "lost",
            subscriptions.stream()
                .mapToLong(each -> each.check().lost(each.log().newest()))
                .sum())
        .put(
            "doubled",
            subscriptions.stream().mapToLong(each -> each.check().doubled()).sum()
                + ledger.repeated())
        .put(
            "reordered",
            subscriptions.stream().mapToLong(each -> each.check().reordered()).sum()
                + ledger.logs().stream().mapToLong(TopicLog::outOfOrder).sum())
        .put(
            "holes",
            subscriptions.stream().mapToLong(each -> each.check().holes()).sum())
        .put("accepted", ledger.accepted().toByteArray())
        .put("seen", ledger.seen().toByteArray())
        .put("differing", ledger.differing())
        .put("gaps", ledger.gaps())
        .put("refusals", ledger.refusals())
        .put("ends", ledger.ends())
        .put("complaints", new JsonArray(ledger.complaints()));
  }

  private static String encoded(Histogram histogram) {
    ByteBuffer bytes = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    int length = histogram.encodeIntoCompressedByteBuffer(bytes);
    return Base64.getEncoder().encodeToString(Arrays.copyOf(bytes.array(), length));
  }
}
