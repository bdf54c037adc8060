package io.madang.presence;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.runtime.config.Secret;
import io.madang.runtime.service.TopicAnswer.Granted;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.testkit.Seeds;
import io.madang.testkit.TestKeyspace;
import io.madang.testkit.TestStores;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/**
 * Whoever begins with a snapshot of who is there at any moment, or goes on from any position, and takes in what is published
 * since, has what a fresh reader gets; whatever connections, gateways and people do meanwhile, on two nodes at a time.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class PresenceAddsUpTest {
  private static final Duration LEASE = Duration.ofSeconds(80);
  private static final Duration GRACE = Duration.ofSeconds(60);
  private static final Duration BEAT = Duration.ofSeconds(20);
  private static final int WINDOW = 20;
  private static final int STEPS = 60;
  private static final List<String> TOPICS = List.of("presence:dev", "presence:ops", "online");
  private static final List<String> USERS = List.of("ann", "bob", "cleo", "dan", "eve", "fay");

  private final TestTime time = new TestTime();
  private TestKeyspace keyspace;
  private Vertx vertx;
  private List<PresenceNode> nodes;

  @BeforeEach
  void start() {
    keyspace = TestStores.createKeyspace();
    vertx = Vertx.vertx();
    PresenceConfig config = new PresenceConfig(
        new Secret(keyspace.url()), LEASE, GRACE, BEAT, Duration.ofMillis(10), WINDOW, 10);
    nodes = List.of(
        new PresenceNode(vertx, config, time, Set.of()),
        new PresenceNode(vertx, config, time, Set.of()));
  }

  @AfterEach
  void stop() {
    nodes.forEach(PresenceNode::stop);
    got(vertx.close());
    keyspace.close();
  }

  @Test
  void who_is_in_a_room_and_who_is_online() {
    Seeds.upTo(40, random -> new Case(random).live());
  }

  private static <T> T got(Future<T> future) {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(20, TimeUnit.SECONDS)
        .join();
  }

  /** A reader that began while things happened, and perhaps went on from there a little later. */
  private record Reader(String topic, Granted begun, Optional<Granted> resumed) {}

  private final class Case {
    private final Random random;
    private final List<FakeGateway> gateways = new ArrayList<>();
    private final List<Future<Reader>> readers = new ArrayList<>();

    /** Connections by name, each with the number of its gateway. */
    private final Map<String, Integer> connections = new TreeMap<>();

    private int made;

    Case(Random random) {
      this.random = random;
    }

    void live() {
      flush();
      nodes.forEach(PresenceNode::forget);
      gateways.add(new FakeGateway("east.a"));
      gateways.add(new FakeGateway("west.a"));
      time.pass(LEASE.plus(BEAT).plus(BEAT), BEAT, nodes.get(0));
      for (int i = 0; i < STEPS; i++) {
        step();
        if (i == STEPS / 2 && random.nextInt(3) == 0) {
          flush();
        }
      }
      readers.stream().map(PresenceAddsUpTest::got).forEach(this::addsUp);
    }

    /** Some things at the same time. */
    private void step() {
      List<Future<?>> underWay = new ArrayList<>();
      for (int changes = random.nextInt(4); changes > 0; changes--) {
        change();
      }
      for (FakeGateway gateway : gateways) {
        if (random.nextInt(4) > 0) {
          underWay.add(gateway.beginTell(anyOf(nodes)));
        }
      }
      if (random.nextInt(4) == 0) {
        String status = anyOf(List.of("online", "idle", "dnd", "invisible"));
        PresenceNode at = anyOf(nodes);
        String user = anyOf(USERS);
        underWay.add(at.begin(() -> at.setStatus(user, status)));
      }
      if (random.nextInt(2) == 0) {
        read();
      }
      if (random.nextInt(5) == 0) {
        PresenceNode at = anyOf(nodes);
        underWay.add(at.begin(() -> at.service().sweepNow()));
      }
      got(Future.all(underWay));
      if (random.nextInt(5) == 0) {
        time.pass(BEAT.multipliedBy(1 + random.nextInt(5)), BEAT, anyOf(nodes));
      }
    }

    private void change() {
      switch (random.nextInt(8)) {
        case 0, 1 -> {
          int at = random.nextInt(gateways.size());
          String connection = "c" + made++;
          String user = anyOf(USERS);
          gateways.get(at).connect(connection, user, random.nextInt(5) == 0 ? user + made : user);
          connections.put(connection, at);
        }
        case 2 ->
          anyConnection().ifPresent(connection -> {
            gatewayOf(connection).disconnect(connection);
            connections.remove(connection);
          });
        case 3, 4, 5 ->
          anyConnection()
              .ifPresent(connection -> gatewayOf(connection).enter(connection, anyRoom()));
        case 6 ->
          anyConnection()
              .ifPresent(connection -> gatewayOf(connection).leave(connection, anyRoom()));
        default -> restart(random.nextInt(gateways.size()));
      }
    }

    /** Another life of a gateway, whose connections are gone with the one before. */
    private void restart(int gateway) {
      if (random.nextInt(3) == 0) {
        String id = gateways.get(gateway).id();
        gateways.set(gateway, new FakeGateway(id.substring(0, id.lastIndexOf('.') + 1) + made++));
        connections.values().removeIf(at -> at == gateway);
      }
    }

    private Optional<String> anyConnection() {
      return connections.isEmpty()
          ? Optional.empty()
          : Optional.of(anyOf(List.copyOf(connections.keySet())));
    }

    private FakeGateway gatewayOf(String connection) {
      return gateways.get(connections.get(connection));
    }

    private String anyRoom() {
      return anyOf(List.of("dev", "ops"));
    }

    private <T> T anyOf(List<T> choices) {
      return choices.get(random.nextInt(choices.size()));
    }

    private void read() {
      String topic = anyOf(TOPICS);
      boolean resumes = random.nextBoolean();
      PresenceNode later = anyOf(nodes);
      int limit = 1 + random.nextInt(10);
      readers.add(anyOf(nodes).beginSubscribe(topic, Optional.empty(), 100).compose(answer -> {
        Granted begun = (Granted) answer;
        return resumes
            ? later
                .beginSubscribe(topic, Optional.of(begun.position()), limit)
                .map(resumed -> new Reader(topic, begun, Optional.of((Granted) resumed)))
            : Future.succeededFuture(new Reader(topic, begun, Optional.empty()));
      }));
    }

    private void flush() {
      Redis redis = Redis.createClient(vertx, keyspace.url());
      got(redis.send(Request.cmd(Command.FLUSHDB)));
      redis.close();
    }

    private void addsUp(Reader reader) {
      Granted fresh = nodes.get(0).subscribe(reader.topic());
      Map<String, String> expected = kept(fresh, List.of());
      StreamPosition begun = reader.begun().position();
      if (!begun.epoch().equals(fresh.position().epoch())) {
        Granted anew = nodes.get(1).subscribe(reader.topic(), begun);
        assertThat(anew.recovered()).as("another life").isFalse();
        assertThat(kept(anew, List.of())).isEqualTo(expected);
        return;
      }
      NavigableMap<Long, Publication> heard = heard(reader.topic(), fresh.position());
      List<Publication> since = List.copyOf(heard.tailMap(begun.offset(), false).values());
      assertThat(kept(reader.begun(), since))
          .as("%s from %s", reader.topic(), begun)
          .isEqualTo(expected);
      assertThat(kept(reader.begun(), conflated(since)))
          .as("%s from %s, conflated", reader.topic(), begun)
          .isEqualTo(expected);
      reader.resumed().filter(Granted::recovered).ifPresent(resumed -> {
        List<Publication> all = new ArrayList<>(resumed.publications());
        all.addAll(heard.tailMap(begun.offset() + all.size(), false).values());
        assertThat(all).as("%s resumed at %s", reader.topic(), begun).isEqualTo(since);
      });
      resumesAtTheEnd(reader, heard, fresh.position(), expected);
    }

    /** What was published into the present life of a topic. */
    private NavigableMap<Long, Publication> heard(String topic, StreamPosition end) {
      NavigableMap<Long, Publication> heard = new TreeMap<>();
      for (PresenceNode node : nodes) {
        for (Publication publication : node.publications(topic)) {
          if (publication.position().orElseThrow().epoch().equals(end.epoch())) {
            assertThat(heard.put(publication.offset(), publication))
                .as("told twice")
                .isNull();
            assertThat(publication.previous()).isEqualTo(publication.offset() - 1);
          }
        }
      }
      assertThat(heard).hasSize((int) end.offset());
      return heard;
    }

    /** From any position in between, in parts of any size; from before the window anew. */
    private void resumesAtTheEnd(
        Reader reader,
        NavigableMap<Long, Publication> heard,
        StreamPosition end,
        Map<String, String> expected) {
      long begun = reader.begun().position().offset();
      long from = begun + random.nextInt((int) (end.offset() - begun) + 1);
      List<Publication> told = new ArrayList<>();
      while (from + told.size() < end.offset() || told.isEmpty()) {
        StreamPosition since = new StreamPosition(end.epoch(), from + told.size());
        int limit = 1 + random.nextInt(8);
        boolean asGateway = random.nextBoolean();
        Granted answer = asGateway
            ? anyOf(nodes).catchUp(reader.topic(), since, limit)
            : (Granted) got(anyOf(nodes).beginSubscribe(reader.topic(), Optional.of(since), limit));
        assertThat(answer.recovered())
            .as("%s of %s", since, end)
            .isEqualTo(end.offset() - since.offset() <= WINDOW);
        if (!answer.recovered()) {
          assertThat(answer.publications()).isEmpty();
          if (!asGateway) {
            assertThat(kept(answer, List.of())).isEqualTo(expected);
          }
          return;
        }
        told.addAll(answer.publications());
        assertThat(answer.more()).isEqualTo(from + told.size() < end.offset());
        if (!answer.more()) {
          break;
        }
      }
      assertThat(told).isEqualTo(List.copyOf(heard.tailMap(from, false).values()));
    }
  }

  /** Only the newest of each key. */
  private static List<Publication> conflated(List<Publication> publications) {
    List<Publication> kept = new ArrayList<>();
    for (Publication publication : publications) {
      kept.removeIf(before -> before.key().equals(publication.key()));
      kept.add(publication);
    }
    return kept;
  }

  /** Who is there as a client keeps it by the rules of PROTOCOL.md, each as text, and how many. */
  private static Map<String, String> kept(Granted begun, List<Publication> publications) {
    JsonObject snapshot = json(begun.snapshot().orElseThrow());
    Map<String, String> users = new TreeMap<>();
    snapshot
        .getJsonArray("users")
        .forEach(user -> users.put(((JsonObject) user).getString("id"), user.toString()));
    int count = snapshot.getInteger("count");
    for (Publication publication : publications) {
      JsonObject user = json(publication.data()).getJsonObject("user");
      boolean gone = Set.of("departed", "offline").contains(publication.event());
      String id = publication.key().orElseThrow();
      String before = gone ? users.remove(id) : users.put(id, user.toString());
      count += (gone ? 0 : 1) - (before == null ? 0 : 1);
    }
    users.put("count", Integer.toString(count));
    return users;
  }

  private static JsonObject json(Payload payload) {
    return new JsonObject(payload.toString());
  }
}
