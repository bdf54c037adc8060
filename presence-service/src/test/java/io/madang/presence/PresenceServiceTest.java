package io.madang.presence;

import static io.madang.presence.PresenceNode.person;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.madang.runtime.config.Secret;
import io.madang.runtime.service.Observation;
import io.madang.runtime.service.Observation.Observed;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.testkit.TestKeyspace;
import io.madang.testkit.TestStores;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PresenceServiceTest {
  /** Long, so that a slow machine never decides a test: time passes only as the test lets it. */
  private static final Duration LEASE = Duration.ofSeconds(80);

  private static final Duration GRACE = Duration.ofSeconds(60);
  private static final Duration BEAT = Duration.ofSeconds(20);
  private static final Duration MOMENT = Duration.ofSeconds(1);
  private static final int WINDOW = 20;

  private final TestTime time = new TestTime();
  private final Set<String> live = ConcurrentHashMap.newKeySet();
  private TestKeyspace keyspace;
  private Vertx vertx;
  private PresenceNode node;
  private PresenceNode other;
  private final FakeGateway east = new FakeGateway("east.a1");
  private final FakeGateway west = new FakeGateway("west.b1");

  @BeforeEach
  void start() {
    keyspace = TestStores.createKeyspace();
    vertx = Vertx.vertx();
    node = new PresenceNode(vertx, config(), time, live);
    other = new PresenceNode(vertx, config(), time, live);
    // The first life of an empty Redis misses nobody for a lease.
    time.pass(LEASE.plus(BEAT).plus(MOMENT), BEAT, node);
  }

  private PresenceConfig config() {
    return new PresenceConfig(
        new Secret(keyspace.url()), LEASE, GRACE, BEAT, Duration.ofMillis(20), WINDOW, 10);
  }

  @AfterEach
  void stop() {
    node.stop();
    other.stop();
    vertx.close().toCompletionStage().toCompletableFuture().join();
    keyspace.close();
  }

  /** Lets time pass while both gateways give their signs of life. */
  private void pass(Duration duration) {
    for (long left = duration.toMillis(); left > 0; left -= BEAT.toMillis()) {
      time.pass(Duration.ofMillis(Math.min(left, BEAT.toMillis())), BEAT, node);
      east.tell(node);
      west.tell(node);
    }
  }

  private void flushRedis() {
    redis(Request.cmd(Command.FLUSHDB));
  }

  private void redis(Request request) {
    Redis redis = Redis.createClient(vertx, keyspace.url());
    redis
        .send(request)
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(5, TimeUnit.SECONDS)
        .join();
    redis.close();
  }

  @Nested
  class A_user_who_enters_a_room {
    @Test
    void arrives_once_however_many_devices_are_there() {
      east.connect("c1", "ann").enter("c1", "dev").tell(node);
      east.connect("c2", "ann").enter("c2", "dev").tell(node);
      west.connect("c3", "ann").enter("c3", "dev").tell(other);

      assertThat(node.events("presence:dev")).containsExactly("arrived ann");
      assertThat(other.events("presence:dev")).isEmpty();
      assertThat(node.users("presence:dev")).containsExactly("ann");
    }

    @Test
    void is_told_with_name_and_status() {
      east.connect("c1", "ann", "Ann \"the\" first/last 안녕").enter("c1", "dev").tell(node);

      assertThat(node.publications("presence:dev").get(0).data())
          .hasToString(
              "{\"user\":{\"id\":\"ann\",\"name\":\"Ann \\\"the\\\" first/last 안녕\",\"guest\":false,\"status\":\"online\"}}");
      assertThat(node.subscribe("presence:dev").snapshot().orElseThrow())
          .hasToString(
              "{\"users\":[{\"id\":\"ann\",\"name\":\"Ann \\\"the\\\" first/last 안녕\",\"guest\":false,\"status\":\"online\"}],\"count\":1}");
    }

    @Test
    void stays_while_one_device_is_left_and_departs_a_grace_after_the_last() {
      east.connect("c1", "ann").enter("c1", "dev").tell(node);
      west.connect("c2", "ann").enter("c2", "dev").tell(node);

      east.disconnect("c1").tell(node);
      pass(GRACE.plus(MOMENT));
      assertThat(node.events("presence:dev")).containsExactly("arrived ann");

      west.leave("c2", "dev").tell(node);
      pass(GRACE.minus(MOMENT));
      assertThat(node.users("presence:dev")).containsExactly("ann");
      pass(MOMENT.multipliedBy(2));
      assertThat(node.events("presence:dev")).containsExactly("arrived ann", "departed ann");
      assertThat(node.users("presence:dev")).isEmpty();
      assertThat(node.done(person("x"), "onlineUsers", "{}")).isEqualTo("[\"ANN\"]");
    }

    @Test
    void is_in_the_room_when_the_subscription_is_told_before_the_connection() {
      east.arrive(new Observed("c1", "ann", "Ann", false, "room:dev"));
      east.arrive(new Observed("c1", "ann", "Ann", false, ""));
      east.tell(node);

      assertThat(node.users("presence:dev")).containsExactly("ann");
    }

    @Test
    void is_in_every_room_of_odd_name() {
      List<String> rooms =
          List.of("a:b", "{x}", "presence", "room:room", " ", "한국어", "*", "%00", "😀");
      east.connect("c1", "ann");
      rooms.forEach(room -> east.enter("c1", room));
      east.tell(node);

      for (String room : rooms) {
        assertThat(node.users("presence:" + room)).as(room).containsExactly("ann");
      }
    }
  }

  @Nested
  class A_user_who_reloads {
    @Test
    void is_not_seen_to_leave() {
      east.connect("c1", "ann").enter("c1", "dev").tell(node);
      east.disconnect("c1").tell(node);
      pass(GRACE.minus(MOMENT));
      east.connect("c2", "ann").enter("c2", "dev").tell(node);
      pass(GRACE.multipliedBy(2));

      assertThat(node.events("presence:dev")).containsExactly("arrived ann");
      assertThat(node.events("online")).containsExactly("online ann");
    }

    @Test
    void may_come_back_to_another_gateway_of_another_node() {
      east.connect("c1", "ann").enter("c1", "dev").tell(node);
      east.disconnect("c1").tell(node);
      west.connect("c2", "ann").enter("c2", "dev").tell(other);
      pass(GRACE.multipliedBy(2));

      assertThat(node.events("presence:dev")).containsExactly("arrived ann");
      assertThat(other.events("presence:dev")).isEmpty();
    }

    @Test
    void departs_from_the_room_it_did_not_come_back_to() {
      east.connect("c1", "ann").enter("c1", "dev").enter("c1", "ops").tell(node);
      east.disconnect("c1").tell(node);
      east.connect("c2", "ann").enter("c2", "dev").tell(node);
      pass(GRACE.multipliedBy(2));

      assertThat(node.events("presence:dev")).containsExactly("arrived ann");
      assertThat(node.events("presence:ops")).containsExactly("arrived ann", "departed ann");
    }
  }

  @Nested
  class A_gateway_that_falls_silent {
    @Test
    void takes_its_users_offline_within_ten_seconds_by_the_defaults() {
      PresenceConfig config = PresenceConfig.defaults().withRedis(new Secret(keyspace.url()));
      flushRedis();
      PresenceNode real = new PresenceNode(vertx, config, time, live);
      east.connect("c1", "ann").enter("c1", "dev").tell(real);
      time.pass(config.lease(), config.sweepEvery(), real);
      east.tell(real);
      time.pass(Duration.ofSeconds(6), config.sweepEvery(), real);
      assertThat(real.users("presence:dev")).containsExactly("ann");

      time.pass(Duration.ofSeconds(3), config.sweepEvery(), real);

      assertThat(real.users("presence:dev")).isEmpty();
      assertThat(real.events("presence:dev")).containsExactly("arrived ann", "departed ann");
      assertThat(real.done(person("x"), "onlineUsers", "{}")).isEqualTo("[]");
      real.stop();
    }

    @Test
    void is_noticed_by_the_nodes_themselves() {
      flushRedis();
      PresenceConfig hasty = new PresenceConfig(
          new Secret(keyspace.url()),
          Duration.ofMillis(300),
          Duration.ofMillis(200),
          Duration.ofMillis(50),
          Duration.ofMillis(20),
          WINDOW,
          10);
      PresenceNode real = new PresenceNode(vertx, hasty, time, live);
      east.connect("c1", "ann").enter("c1", "dev").tell(real);

      await().atMost(Duration.ofSeconds(20)).until(() -> real.events("online").size() == 2);

      assertThat(real.events("presence:dev")).containsExactly("arrived ann", "departed ann");
      assertThat(real.events("online")).containsExactly("online ann", "offline ann");
      real.stop();
    }

    @Test
    void has_to_tell_everything_when_it_speaks_again_and_nobody_notices() {
      east.connect("c1", "ann").enter("c1", "dev").tell(node);
      time.pass(LEASE.plus(MOMENT), BEAT, node);

      assertThat(east.tell(node)).isFalse();
      pass(GRACE.multipliedBy(2));

      assertThat(node.events("presence:dev")).containsExactly("arrived ann");
      assertThat(node.users("presence:dev")).containsExactly("ann");
    }

    @Test
    void keeps_the_users_who_are_elsewhere_too() {
      east.connect("c1", "ann").enter("c1", "dev").tell(node);
      west.connect("c2", "ann").enter("c2", "dev").tell(node);
      for (int i = 0; i < 10; i++) {
        time.pass(BEAT, BEAT, node);
        west.tell(node);
      }

      assertThat(node.events("presence:dev")).containsExactly("arrived ann");
      assertThat(node.done(person("ann"), "userConnections", "{}"))
          .contains("\"connection\":\"c2\"")
          .doesNotContain("c1");
    }

    @Test
    void is_replaced_at_once_by_its_next_incarnation() {
      east.connect("c1", "ann").enter("c1", "dev").tell(node);
      east.connect("c2", "bob").enter("c2", "dev").tell(node);
      FakeGateway reborn = new FakeGateway("east.a2");
      reborn.connect("c3", "ann").enter("c3", "dev").tell(node);
      node.await(() -> node.service().sweepNow());

      assertThat(node.done(person("bob"), "userConnections", "{}")).isEqualTo("[]");
      for (Duration left = GRACE.plus(BEAT); !left.isNegative(); left = left.minus(BEAT)) {
        time.pass(BEAT, BEAT, node);
        reborn.tell(node);
      }
      assertThat(node.events("presence:dev"))
          .containsExactly("arrived ann", "arrived bob", "departed bob");
    }

    @Test
    void is_swept_in_steps_when_it_held_many() {
      for (int i = 0; i < 700; i++) {
        east.connect("c" + i, "user" + i).enter("c" + i, "dev");
      }
      east.tell(node);
      time.pass(LEASE.plus(GRACE).plus(BEAT), BEAT, node);

      assertThat(node.users("presence:dev")).isEmpty();
      assertThat(node.publications("presence:dev")).hasSize(1_400);
    }
  }

  @Nested
  class Presence_that_could_not_hear {
    @Test
    void misses_nobody_before_a_lease_has_passed() {
      east.connect("c1", "ann").enter("c1", "dev").tell(node);

      // No node swept, so none could have been told.
      time.leap(LEASE.plus(GRACE).multipliedBy(10));
      node.await(() -> node.service().sweepNow());
      assertThat(east.tell(node)).isTrue();
      pass(LEASE.multipliedBy(2));

      assertThat(node.events("presence:dev")).containsExactly("arrived ann");
    }

    @Test
    void still_misses_those_who_stay_away() {
      east.connect("c1", "ann").enter("c1", "dev").tell(node);
      time.leap(LEASE.plus(GRACE).multipliedBy(10));
      time.pass(LEASE.plus(GRACE).plus(BEAT), BEAT, node);

      assertThat(node.events("presence:dev")).containsExactly("arrived ann", "departed ann");
    }

    @Test
    void bears_a_clock_that_is_set_back() {
      east.connect("c1", "ann").enter("c1", "dev").tell(node);
      time.leap(Duration.ofHours(-1));
      time.pass(LEASE.multipliedBy(2).plus(GRACE).plus(BEAT), BEAT, node);

      assertThat(node.events("presence:dev")).containsExactly("arrived ann", "departed ann");
    }
  }

  @Nested
  class News_of_a_gateway {
    @Test
    void are_taken_over_by_whichever_node_is_told() {
      east.connect("c1", "ann").enter("c1", "dev").tell(node);

      assertThat(east.connect("c2", "bob").enter("c2", "dev").tell(other)).isTrue();
      assertThat(east.disconnect("c1").tell(node)).isTrue();

      assertThat(node.users("presence:dev")).containsExactly("ann", "bob");
    }

    @Test
    void that_do_not_build_on_what_is_known_change_nothing() {
      east.connect("c1", "ann").enter("c1", "dev").tell(node);
      Observed bob = new Observed("c2", "bob", "Bob", false, "room:dev");

      for (long base : new long[] {7, Long.MAX_VALUE - 1}) {
        Observation stray = new Observation("east.a1", base, base + 1, List.of(bob), List.of());
        assertThat(node.await(() -> node.service().observe(stray))).isFalse();
      }

      assertThat(node.users("presence:dev")).containsExactly("ann");
    }

    @Test
    void told_as_a_whole_replace_what_was_known() {
      east.connect("c1", "ann").enter("c1", "dev").enter("c1", "ops");
      east.connect("c2", "bob").enter("c2", "dev").tell(node);

      FakeGateway again = new FakeGateway("east.a1");
      again
          .connect("c1", "ann")
          .enter("c1", "dev")
          .connect("c3", "cem")
          .enter("c3", "dev")
          .tell(node);
      for (Duration left = GRACE.plus(BEAT); !left.isNegative(); left = left.minus(BEAT)) {
        time.pass(BEAT, BEAT, node);
        again.tell(node);
      }

      assertThat(node.users("presence:dev")).containsExactly("ann", "cem");
      assertThat(node.users("presence:ops")).isEmpty();
      assertThat(node.events("presence:dev"))
          .containsExactly("arrived ann", "arrived bob", "arrived cem", "departed bob");
    }

    @Test
    void of_a_connection_that_changed_hands_move_it() {
      east.connect("c1", "ann").enter("c1", "dev").tell(node);
      east.disconnect("c1").connect("c1", "bob").enter("c1", "dev").tell(node);
      pass(GRACE.plus(BEAT));

      assertThat(node.users("presence:dev")).containsExactly("bob");
    }

    @Test
    void of_topics_that_are_no_rooms_are_passed_over() {
      east.connect("c1", "ann");
      for (String topic :
          List.of("room:", "room", "presence:dev", "inbox:ann", ":", "ROOM:dev", "room:\u0000")) {
        east.arrive(new Observed("c1", "ann", "Ann", false, topic));
      }
      east.tell(node);

      assertThat(node.published()).extracting(p -> p.topic().name()).doesNotContain("presence:dev");
      assertThat(node.done(person("x"), "onlineUsers", "{}")).isEqualTo("[\"ANN\"]");
    }
  }

  @Nested
  class Two_nodes_at_once {
    @Test
    void give_every_publication_its_own_place() {
      List<Future<Boolean>> told = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        PresenceNode to = i % 2 == 0 ? node : other;
        String user = "user" + i % 50;
        Observation whole = new Observation(
            "gateway" + i + ".x",
            0,
            1,
            List.of(
                new Observed("c" + i, user, user, false, ""),
                new Observed("c" + i, user, user, false, "room:dev")),
            List.of());
        told.add(to.begin(() -> to.service().observe(whole)));
      }
      node.await(() -> Future.all(told));

      List<Publication> all = new ArrayList<>(node.publications("presence:dev"));
      all.addAll(other.publications("presence:dev"));
      all.sort(Comparator.comparing(Publication::offset));
      assertThat(all)
          .extracting(Publication::offset)
          .containsExactlyElementsOf(LongStream.rangeClosed(1, 50).boxed().toList());
      assertThat(all).allMatch(p -> p.previous() == p.offset() - 1);
      assertThat(all).extracting(p -> p.key().orElseThrow()).doesNotHaveDuplicates();
      assertThat(all)
          .extracting(p -> p.position().orElseThrow().epoch())
          .containsOnly(epoch("presence:dev"));
    }

    @Test
    void sweep_the_same_things_once() {
      for (int i = 0; i < 300; i++) {
        east.connect("c" + i, "user" + i).enter("c" + i, "dev");
      }
      east.tell(node);
      for (int i = 0; i < 8; i++) {
        time.leap(BEAT);
        Future<Void> one = node.begin(() -> node.service().sweepNow());
        Future<Void> two = other.begin(() -> other.service().sweepNow());
        node.await(() -> Future.all(one, two));
      }

      List<Publication> all = new ArrayList<>(node.publications("presence:dev"));
      all.addAll(other.publications("presence:dev"));
      assertThat(all).extracting(Publication::offset).doesNotHaveDuplicates().hasSize(600);
      assertThat(all).filteredOn(p -> p.event().equals("departed")).hasSize(300);
    }
  }

  private String epoch(String topic) {
    return node.subscribe(topic).position().epoch();
  }

  @Nested
  class A_reader {
    private void arrivals(int from, int to) {
      for (int i = from; i <= to; i++) {
        east.connect("c" + i, "user" + i).enter("c" + i, "dev").tell(node);
      }
    }

    @Test
    void starts_from_a_snapshot_and_its_position() {
      arrivals(1, 3);

      TopicAnswer.Granted answer = other.subscribe("presence:dev");

      assertThat(answer.recovered()).isFalse();
      assertThat(answer.position().offset()).isEqualTo(3);
      assertThat(PresenceNode.ids(answer.snapshot().orElseThrow()))
          .containsExactly("user1", "user2", "user3");
      assertThat(answer.publications()).isEmpty();
    }

    @Test
    void comes_back_within_the_window_to_what_it_missed() {
      arrivals(1, 3);
      StreamPosition since = node.subscribe("presence:dev").position();
      arrivals(4, 6);

      TopicAnswer.Granted answer = other.subscribe("presence:dev", since);

      assertThat(answer.recovered()).isTrue();
      assertThat(answer.more()).isFalse();
      assertThat(answer.snapshot()).isEmpty();
      assertThat(answer.publications()).extracting(Publication::offset).containsExactly(4L, 5L, 6L);
      assertThat(answer.publications())
          .isEqualTo(node.publications("presence:dev").subList(3, 6));
    }

    @Test
    void who_missed_nothing_gets_nothing() {
      arrivals(1, 3);
      StreamPosition since = node.subscribe("presence:dev").position();

      TopicAnswer.Granted answer = other.subscribe("presence:dev", since);

      assertThat(answer.recovered()).isTrue();
      assertThat(answer.publications()).isEmpty();
      assertThat(answer.position()).isEqualTo(since);
    }

    @Test
    void who_missed_more_than_the_window_starts_again() {
      arrivals(1, 1);
      StreamPosition first = node.subscribe("presence:dev").position();
      arrivals(2, WINDOW + 1);
      assertThat(node.subscribe("presence:dev", first).recovered()).isTrue();

      arrivals(WINDOW + 2, WINDOW + 2);
      TopicAnswer.Granted answer = node.subscribe("presence:dev", first);

      assertThat(answer.recovered()).isFalse();
      assertThat(answer.publications()).isEmpty();
      assertThat(answer.snapshot()).isPresent();
    }

    @Test
    void with_a_position_that_is_not_ours_starts_again() {
      arrivals(1, 3);
      StreamPosition here = node.subscribe("presence:dev").position();

      for (StreamPosition odd : List.of(
          new StreamPosition(here.epoch(), 4),
          new StreamPosition(here.epoch(), Long.MAX_VALUE),
          new StreamPosition("other", 2),
          new StreamPosition("other", 3))) {
        assertThat(node.subscribe("presence:dev", odd).recovered())
            .as("%s", odd)
            .isFalse();
      }
    }

    @Test
    void mends_a_hole_in_pieces() {
      arrivals(1, 7);
      StreamPosition since = new StreamPosition(epoch("presence:dev"), 2);

      TopicAnswer.Granted first = other.catchUp("presence:dev", since, 3);
      TopicAnswer.Granted second =
          other.catchUp("presence:dev", new StreamPosition(since.epoch(), 5), 3);

      assertThat(first.recovered()).isTrue();
      assertThat(first.more()).isTrue();
      assertThat(first.publications()).extracting(Publication::offset).containsExactly(3L, 4L, 5L);
      assertThat(second.more()).isFalse();
      assertThat(second.publications()).extracting(Publication::offset).containsExactly(6L, 7L);
    }

    @Test
    void of_a_crowded_room_gets_some_and_the_count() {
      for (int i = 0; i < 1_100; i++) {
        east.connect("c" + i, "user" + i).enter("c" + i, "dev");
      }
      east.tell(node);

      TopicAnswer.Granted answer = node.subscribe("presence:dev");

      assertThat(PresenceNode.ids(answer.snapshot().orElseThrow()))
          .hasSize(1_000)
          .doesNotHaveDuplicates();
      assertThat(answer.snapshot().orElseThrow().toString()).endsWith("\"count\":1100}");
    }

    @Test
    void of_a_topic_that_is_none_is_told_so() {
      for (String topic : List.of("presence", "online:x", "room:dev", "chat")) {
        assertThat(node.subscribe(topic, Optional.empty()))
            .as(topic)
            .isInstanceOf(TopicAnswer.Denied.class);
      }
      String longest = "presence:" + "x".repeat(160);
      assertThat(node.subscribe(longest).position().offset()).isZero();
    }

    @Test
    void of_a_topic_long_forgotten_meets_a_new_epoch() {
      StreamPosition before = node.subscribe("presence:dev").position();
      redis(Request.cmd(Command.DEL).arg("madang:{presence}:head:presence:dev"));

      TopicAnswer.Granted answer = node.subscribe("presence:dev", before);

      assertThat(answer.recovered()).isFalse();
      assertThat(answer.position().epoch()).isNotEqualTo(before.epoch());
    }
  }

  @Nested
  class Redis_that_lost_everything {
    @Test
    void changes_every_epoch_and_asks_for_every_set() {
      east.connect("c1", "ann").enter("c1", "dev").tell(node);
      StreamPosition before = node.subscribe("presence:dev").position();
      node.forget();

      flushRedis();
      assertThat(east.tryTell(node)).isFalse();
      east.tell(node);

      TopicAnswer.Granted answer = node.subscribe("presence:dev", before);
      assertThat(answer.recovered()).isFalse();
      assertThat(answer.position().epoch()).isNotEqualTo(before.epoch());
      assertThat(PresenceNode.ids(answer.snapshot().orElseThrow())).containsExactly("ann");
      pass(LEASE.plus(GRACE).plus(BEAT));
      assertThat(node.events("presence:dev")).containsExactly("arrived ann");
      assertThat(node.events("online")).containsExactly("online ann");
    }

    @Test
    void lets_readers_wait_until_every_live_gateway_has_told_its_set() {
      live.addAll(Set.of(east.id(), west.id()));
      east.connect("c1", "ann").enter("c1", "dev").tell(node);
      west.connect("c2", "bob").enter("c2", "dev").tell(node);
      flushRedis();
      east.tell(node);

      assertThatThrownBy(() -> other.users("presence:dev")).isInstanceOf(UnsettledException.class);

      Future<TopicAnswer> patient = node.beginSubscribe("presence:dev");
      west.tell(other);
      TopicAnswer.Granted answer = (TopicAnswer.Granted) node.await(() -> patient);
      assertThat(PresenceNode.ids(answer.snapshot().orElseThrow())).containsExactly("ann", "bob");
    }

    @Test
    void waits_no_longer_than_a_lease_for_a_gateway_that_will_not_come() {
      live.add("gone.z1");
      flushRedis();
      east.connect("c1", "ann").enter("c1", "dev").tell(node);
      time.pass(LEASE.plus(MOMENT), BEAT, node);

      assertThat(node.subscribe("presence:dev").position().offset()).isEqualTo(1);
    }
  }

  @Nested
  class Topic_online {
    @Test
    void tells_who_came_and_went() {
      east.connect("c1", "ann", "Ann").tell(node);
      await().atMost(Duration.ofSeconds(10)).until(() -> node.events("online").size() == 1);
      east.disconnect("c1").tell(node);
      pass(GRACE.plus(BEAT));
      await().atMost(Duration.ofSeconds(10)).until(() -> node.events("online").size() == 2);

      assertThat(node.events("online")).containsExactly("online ann", "offline ann");
      assertThat(node.publications("online"))
          .extracting(p -> p.data().toString())
          .containsOnly("{\"user\":{\"id\":\"ann\",\"name\":\"Ann\",\"guest\":false}}");
    }

    @Test
    void starts_from_those_who_came_last() {
      for (int i = 0; i < 250; i++) {
        east.connect("c" + i, "user" + i);
      }
      east.tell(node);
      node.await(() -> node.service().sweepNow());
      time.leap(MOMENT);
      east.connect("c", "zoe").tell(node);
      node.await(() -> node.service().sweepNow());

      String snapshot = node.subscribe("online").snapshot().orElseThrow().toString();
      assertThat(snapshot).startsWith("{\"users\":[{\"id\":\"zoe\"").endsWith("\"count\":251}");
      assertThat(PresenceNode.ids(node.subscribe("online").snapshot().orElseThrow()))
          .hasSize(200);
    }

    @Test
    void says_nothing_of_what_was_taken_back_at_once() {
      east.connect("c1", "ann").tell(node);
      assertThat(node.users("online")).containsExactly("ann");
      node.forget();

      Future<?> gone = node.begin(() -> node.setStatus("ann", "invisible"));
      Future<?> back = node.begin(() -> node.setStatus("ann", "online"));
      node.await(() -> Future.all(gone, back));
      node.await(() -> node.service().sweepNow());

      assertThat(node.users("online")).containsExactly("ann");
      assertThat(node.events("online").size()).isIn(0, 2);
    }
  }

  @Nested
  class A_status {
    @BeforeEach
    void ann_is_in_the_room() {
      east.connect("c1", "ann", "Ann").enter("c1", "dev").tell(node);
    }

    @Test
    void is_told_in_every_room_of_the_user() {
      east.enter("c1", "ops").tell(node);
      assertThat(node.done(
              person("ann"), "setStatus", "{\"status\":\"dnd\",\"text\":\"in a meeting\"}"))
          .isEqualTo("{\"status\":\"dnd\",\"text\":\"in a meeting\"}");

      for (String topic : List.of("presence:dev", "presence:ops")) {
        assertThat(node.events(topic)).containsExactly("arrived ann", "status ann");
        assertThat(node.publications(topic).get(1).data())
            .hasToString(
                "{\"user\":{\"id\":\"ann\",\"name\":\"Ann\",\"guest\":false,\"status\":\"dnd\",\"text\":\"in a meeting\"}}");
      }
    }

    @Test
    void set_again_says_nothing() {
      node.done(person("ann"), "setStatus", "{\"status\":\"dnd\",\"text\":\"\"}");
      node.done(person("ann"), "setStatus", "{\"status\":\"dnd\",\"text\":\"\"}");

      assertThat(node.events("presence:dev")).containsExactly("arrived ann", "status ann");
    }

    @Test
    void invisible_looks_like_being_away() {
      node.done(person("ann"), "setStatus", "{\"status\":\"invisible\"}");

      assertThat(node.users("presence:dev")).isEmpty();
      assertThat(node.users("online")).isEmpty();
      assertThat(node.done(person("x"), "onlineUsers", "{}")).isEqualTo("[]");
      assertThat(node.events("presence:dev")).containsExactly("arrived ann", "departed ann");
      assertThat(node.done(person("ann"), "userConnections", "{}"))
          .contains("\"connection\":\"c1\"");
    }

    @Test
    void invisible_is_kept_when_the_user_comes_back_and_ends_when_the_user_says() {
      node.done(person("ann"), "setStatus", "{\"status\":\"invisible\"}");
      east.disconnect("c1").tell(node);
      pass(GRACE.plus(BEAT));
      node.forget();

      east.connect("c2", "ann", "Ann").enter("c2", "dev").tell(node);
      assertThat(node.users("online")).isEmpty();
      assertThat(node.published()).isEmpty();

      node.done(person("ann"), "setStatus", "{\"status\":\"online\"}");
      assertThat(node.users("online")).containsExactly("ann");
      assertThat(node.events("presence:dev")).containsExactly("arrived ann");
      assertThat(node.events("online")).containsExactly("online ann");
    }

    @Test
    void idle_ends_with_the_last_connection() {
      node.done(person("ann"), "setStatus", "{\"status\":\"idle\"}");
      east.disconnect("c1").tell(node);
      pass(GRACE.plus(BEAT));
      node.forget();
      east.connect("c2", "ann").enter("c2", "dev").tell(node);

      assertThat(node.publications("presence:dev").get(0).data().toString())
          .contains("\"status\":\"online\"");
    }

    @Test
    void of_a_user_who_is_nowhere_is_kept_for_later() {
      node.done(person("bob"), "setStatus", "{\"status\":\"dnd\"}");
      east.connect("c2", "bob").enter("c2", "dev").tell(node);

      assertThat(node.publications("presence:dev").get(1).data().toString())
          .contains("\"status\":\"dnd\"");
    }

    @Test
    void that_is_none_is_refused() {
      for (String odd : List.of("busy", "ONLINE", "offline", "online ")) {
        assertThat(node.refused(person("ann"), "setStatus", "{\"status\":\"" + odd + "\"}"))
            .isEqualTo("bad-request");
      }
      assertThat(node.events("presence:dev")).containsExactly("arrived ann");
    }

    @Test
    void a_new_name_is_told_too() {
      west.connect("c2", "ann", "Anna").tell(node);

      assertThat(node.events("presence:dev")).containsExactly("arrived ann", "status ann");
      assertThat(node.publications("presence:dev").get(1).data().toString())
          .contains("\"name\":\"Anna\"");
      assertThat(node.done(person("x"), "onlineUsers", "{}")).isEqualTo("[\"Anna\"]");
    }
  }

  @Nested
  class A_question {
    @Test
    void for_online_users_is_answered_with_sorted_names() {
      east.connect("c1", "u1", "zoe").connect("c2", "u2", "Bob").connect("c3", "u3", "ann");
      west.connect("c4", "u4", "bob").connect("c5", "u5", "Çem").connect("c6", "u1", "zoe");
      east.tell(node);
      west.tell(other);

      assertThat(node.done(person("x"), "onlineUsers", "{}"))
          .isEqualTo("[\"ann\",\"Bob\",\"bob\",\"zoe\",\"Çem\"]");
    }

    @Test
    void for_online_users_is_answered_with_those_who_came_last_when_there_are_too_many() {
      east.connect("c", "first", "the first one").tell(node);
      node.await(() -> node.service().sweepNow());
      time.leap(MOMENT);
      for (int i = 0; i < 5_000; i++) {
        east.connect("c" + i, "user" + i);
      }
      east.tell(node);
      node.await(() -> node.service().sweepNow());

      assertThat(new JsonArray(node.done(person("x"), "onlineUsers", "{}")))
          .hasSize(5_000)
          .doesNotHaveDuplicates()
          .contains("USER0", "USER4999")
          .doesNotContain("the first one");
    }

    @Test
    void for_connections_is_answered_to_their_owner_and_to_admins() {
      east.connect("c1", "ann").tell(node);
      time.leap(MOMENT);
      west.connect("c2", "ann").tell(node);

      String own = node.done(person("ann"), "userConnections", "{}");
      assertThat(own)
          .matches("\\[\\{\"connection\":\"c1\",\"node\":\"east.a1\",\"since\":\"[^\"]+Z\"},"
              + "\\{\"connection\":\"c2\",\"node\":\"west.b1\",\"since\":\"[^\"]+Z\"}]");
      assertThat(node.done(person("ann"), "userConnections", "{\"userId\":\"ann\"}"))
          .isEqualTo(own);
      assertThat(node.done(person("root", "admin"), "userConnections", "{\"userId\":\"ann\"}"))
          .isEqualTo(own);
      assertThat(node.done(person("root", "admin"), "userConnections", "{\"userId\":\"nobody\"}"))
          .isEqualTo("[]");
      assertThat(
              node.refused(person("bob", "moderator"), "userConnections", "{\"userId\":\"ann\"}"))
          .isEqualTo("forbidden");
    }
  }
}
