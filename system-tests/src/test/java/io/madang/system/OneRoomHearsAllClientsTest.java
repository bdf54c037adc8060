package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.madang.client.MadangClient;
import io.madang.protocol.frame.StreamPosition;
import io.madang.protocol.json.RawJson;
import io.madang.system.signalr.ClientKind;
import io.madang.system.signalr.ClientKind.Protocol;
import io.madang.system.signalr.ClientKind.Transport;
import io.madang.system.signalr.HubClient;
import io.madang.system.signalr.Peers;
import io.madang.system.traffic.Account;
import io.madang.system.traffic.Checker;
import io.madang.system.traffic.Committed;
import io.madang.system.traffic.Traffic;
import io.madang.system.traffic.Verdict;
import io.madang.system.traffic.Volley;
import io.madang.testkit.Nginx;
import io.madang.testkit.RunningProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients of every door in one room over two gateways, one of which is killed in the middle, and each is told what its door
 * promises: Microsoft's clients in JSON and in MessagePack, at the gateway that stays and at the one that dies, a SockJS client, a
 * client of the event-bus bridge, curl at an event stream, and a native client.
 */
@Tag("cluster")
@ExtendWith(SharedMesh.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class OneRoomHearsAllClientsTest {
  private static final int MESSAGES = 6_000;
  private static final int IN_FLIGHT = 64;
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String ROOM = "one-room";
  private static final String TOPIC = "room:" + ROOM;
  private static final String HUB = "/hubs/rooms";
  private static final String HEARD = "RoomMessage";
  private static final String MISSED = "MissedMessages";
  private static final Map<String, Integer> EVENTS =
      Map.of(HEARD, 1, MISSED, 1, "StateRestored", 1, "ReconnectComplete", 1, "JoinedRoom", 1);
  private static final Path SYSTEM = Distribution.root().resolve("system-tests");

  @Test
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  void while_a_gateway_is_killed(MeshProcesses mesh, @TempDir Path temp) throws Exception {
    List<String> gateways = List.of(mesh.address("gateway-1"), mesh.address("gateway-2"));
    try (SteeredBalancer balancer = SteeredBalancer.before(gateways.get(0), gateways.get(1));
        Nginx nginx = Nginx.inTurn(gateways, Map.of());
        MadangClient sender = mesh.client("gateway-2", "one-sender");
        MadangClient listener =
            Traffic.client(mesh.sockets(), 0, mesh.guestToken("gateway-2", "one-native"));
        Members members = new Members(nginx.address(), mesh);
        Peers peers = new Peers(SYSTEM)) {
      sender
          .command("chat", "joinRoom", RawJson.trusted("{\"room\":\"" + ROOM + "\"}"))
          .get(30, TimeUnit.SECONDS);
      Account byNative = new Account("native", TOPIC);
      listener.subscribe(TOPIC, byNative).get(30, TimeUnit.SECONDS);
      members.await("are there", stands -> stands.get("ready").getAsBoolean());
      List<AtHub> atHubs = new ArrayList<>();
      for (Protocol protocol : Protocol.values()) {
        atHubs.add(new AtHub(peers, mesh, gateways.get(1), protocol, "stays"));
        balancer.nextIs(0);
        atHubs.add(new AtHub(peers, mesh, balancer.address(), protocol, "moves"));
      }
      balancer.nextIs(0);
      try (CurlStream curl = new CurlStream(
          balancer.address() + "/stream?topic=" + TOPIC,
          mesh.guestToken("gateway-2", "one-curl"),
          temp)) {
        Awaitility.await("curl listens").atMost(LIMIT).until(() -> !curl.heard().isEmpty());

        Map<String, StreamPosition> answers = sendAll(
            sender,
            () -> atHubs.forEach(AtHub::goOn),
            () -> mesh.process("gateway-1").kill());

        Committed committed = Committed.read(mesh.database(), List.of(TOPIC));
        StreamPosition head = committed.head(TOPIC).orElseThrow();
        List<String> sent = committed.commands(TOPIC).stream()
            .filter(id -> id.startsWith("one-id-"))
            .map(id -> id.substring("one-id-".length()))
            .toList();
        assertThat(sent).hasSize(MESSAGES).doesNotHaveDuplicates();

        for (AtHub each : atHubs) {
          each.awaitAll(sent);
        }
        Awaitility.await("everything at curl and at the native client")
            .atMost(LIMIT)
            .until(() -> {
              curl.goOn();
              return byNative.reaches(head) && byCurl(curl).reaches(head);
            });
        members.await(
            "heard all",
            stands ->
                stands.getAsJsonObject("position").get("offset").getAsLong() == head.offset());

        Verdict verdict = Checker.check(committed, answers, List.of(byNative, byCurl(curl)));
        System.out.println(verdict);
        assertThat(verdict.isWhole()).as(verdict.toString()).isTrue();
        assertThat(curl.runs()).as("times curl listened").isGreaterThanOrEqualTo(2);
        members.stand().forEach((name, stands) -> {
          System.out.println(name + " " + stands);
          assertThat(stands.getAsJsonArray("problems")).as(name).isEmpty();
          assertThat(stands.get("heard").getAsInt()).as(name).isGreaterThanOrEqualTo(MESSAGES);
        });
        atHubs.forEach(each -> each.assertHeard(sent));
      }
    }
  }

  private static Account byCurl(CurlStream curl) {
    return StreamReader.accounts("curl", List.of(TOPIC), curl.heard()).get(0);
  }

  /** Sends and waits for all answers; looks after the clients at hubs meanwhile. */
  private static Map<String, StreamPosition> sendAll(
      MadangClient client, Runnable meanwhile, Runnable half) throws Exception {
    Map<String, StreamPosition> answers = new ConcurrentHashMap<>();
    List<CompletableFuture<Void>> all = new ArrayList<>(MESSAGES);
    Semaphore window = new Semaphore(IN_FLIGHT);
    for (int i = 0; i < MESSAGES; i++) {
      assertThat(window.tryAcquire(LIMIT.toSeconds(), TimeUnit.SECONDS))
          .as("an answer in time")
          .isTrue();
      if (i == MESSAGES / 2) {
        half.run();
      }
      if (i % IN_FLIGHT == 0) {
        meanwhile.run();
      }
      String id = "one-id-" + i;
      RawJson message = RawJson.trusted("{\"room\":\"" + ROOM + "\",\"text\":\"" + i + "\"}");
      all.add(client.command("chat", "sendToRoom", id, message).thenAccept(reply -> {
        answers.put(id, Volley.answered(reply));
        window.release();
      }));
    }
    CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
        .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    return answers;
  }

  /** One of Microsoft's clients, and what a program does with it that wants to miss nothing. */
  private static final class AtHub {
    private final HubClient client;
    private final boolean moves;

    /** How often it went on after it had come back. */
    private int resumed;

    AtHub(Peers peers, MeshProcesses mesh, String address, Protocol protocol, String what) {
      this.moves = what.equals("moves");
      this.client = peers.client(
          ClientKind.newest(Transport.WEB_SOCKETS, protocol),
          HubClient.Options.of(
                  address + HUB,
                  mesh.guestToken("gateway-2", "one-" + protocol.name().charAt(0) + what),
                  EVENTS)
              .skippingNegotiation()
              .reconnecting());
      client.open();
      client.call("JoinRoom", ROOM);
      client.awaitEvent("JoinedRoom", joined -> true);
    }

    /** Says which message it knows last, whenever it has come back. */
    void goOn() {
      if (client.comebacks() > resumed) {
        resumed++;
        String last = client.events(HEARD).stream()
            .reduce((before, after) -> after)
            .map(heard -> heard.get(0).getAsJsonObject().get("id").getAsString())
            .orElseThrow();
        client.call("ReconnectWithState", last);
      }
    }

    void awaitAll(List<String> sent) {
      Awaitility.await(client + " hears all").atMost(LIMIT).until(() -> {
        goOn();
        List<String> heard = heard();
        return !heard.isEmpty() && heard.contains(sent.get(sent.size() - 1));
      });
    }

    /** The texts that it was told, in that order. */
    private List<String> heard() {
      List<String> texts = new ArrayList<>();
      for (HubClient.Event event : client.events()) {
        if (event.target().equals(HEARD)) {
          texts.add(event.arguments().get(0).getAsJsonObject().get("message").getAsString());
        } else if (event.target().equals(MISSED)) {
          StreamSupport.stream(event.arguments().get(0).getAsJsonArray().spliterator(), false)
              .map(missed -> missed.getAsJsonObject().get("content").getAsString())
              .forEach(texts::add);
        }
      }
      return texts;
    }

    void assertHeard(List<String> sent) {
      assertThat(client.comebacks()).as(client + " came back").isEqualTo(moves ? 1 : 0);
      List<String> heard = heard();
      int same = 0;
      while (same < Math.min(heard.size(), sent.size()) && heard.get(same).equals(sent.get(same))) {
        same++;
      }
      assertThat(around(heard, same))
          .as("%s, which heard %d, from its %dth message on", client, heard.size(), same)
          .isEqualTo(around(sent, same));
    }

    private static List<String> around(List<String> texts, int at) {
      return texts.subList(
          Math.min(texts.size(), Math.max(0, at - 5)), Math.min(texts.size(), at + 20));
    }
  }

  /** A SockJS client and a client of the bridge in one process of Node, which only listen. */
  private static final class Members implements AutoCloseable {
    private final RunningProcess node = RunningProcess.startUnseen(
        "members", List.of("node", "member.mjs"), Map.of(), SYSTEM.resolve("clients"));
    private int questions;

    Members(String address, MeshProcesses mesh) {
      for (String door : List.of("sockjs", "bridge")) {
        String path = door.equals("sockjs") ? "/sockjs" : "/eventbus";
        node.writeLine(new Gson()
            .toJson(Map.of(
                "address",
                address + path,
                "transport",
                "websocket",
                "token",
                mesh.guestToken("gateway-2", "one-" + door),
                "room",
                ROOM,
                "name",
                "one-" + door,
                "howMany",
                0,
                "inFlight",
                1,
                "door",
                door)));
      }
    }

    Map<String, JsonObject> stand() {
      String begin = "STANDS q" + ++questions + " ";
      node.writeLine("q" + questions);
      String answer = node.awaitLine(begin, LIMIT);
      Map<String, JsonObject> all = new ConcurrentHashMap<>();
      JsonParser.parseString(answer.substring(begin.length()))
          .getAsJsonObject()
          .entrySet()
          .forEach(each -> all.put(each.getKey(), each.getValue().getAsJsonObject()));
      return all;
    }

    void await(String what, Predicate<JsonObject> condition) {
      Awaitility.await("the members " + what).atMost(LIMIT).until(() -> {
        Map<String, JsonObject> all = stand();
        return all.size() == 2 && all.values().stream().allMatch(condition);
      });
    }

    @Override
    public void close() {
      node.close();
    }
  }
}
