package io.madang.chat;

import static io.madang.chat.ChatNode.get;
import static io.madang.chat.ChatNode.newId;
import static io.madang.chat.ChatNode.result;
import static io.madang.chat.ChatNode.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandOutcome;
import io.madang.testkit.TestDatabase;
import io.madang.testkit.TestStores;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Three nodes whose groups of sends take the same topics at the same time; {@code -Dmadang.lock.seed=17} gives another run. */
@Tag("slow")
@DisplayNameGeneration(ReplaceUnderscores.class)
class LockOrderTest extends ChatTest {
  private static final int NODES = 3;
  private static final int ROOMS = 96;
  private static final int ROUNDS = 8;
  private static final int SENDS = 400;

  /** Rooms of one group. */
  private static final int GROUP = 8;

  /** A send, as it was given. */
  private record Given(int node, String room, String text, Future<CommandOutcome> outcome) {}

  @Test
  void groups_over_the_same_topics_wait_for_each_other_in_one_order() throws SQLException {
    long seed = Long.getLong("madang.lock.seed", 1);
    Random random = new Random(seed);
    TestDatabase own = TestStores.createDatabase();
    List<ChatNode> nodes = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      nodes.add(ChatNode.start(vertx, "locks-" + i, config().withPostgres(own.url())));
    }
    Caller ann = user("ann");
    for (int room = 0; room < ROOMS; room++) {
      nodes.get(0).done(ann, "joinRoom", "{'room':'r" + room + "'}");
    }

    List<Given> given = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      int first = given.size();
      for (int i = 0; i < NODES * SENDS; i++) {
        given.add(
            send(nodes, random.nextInt(NODES), ann, "r" + random.nextInt(ROOMS), given.size()));
      }
      given.subList(first, given.size()).forEach(each -> result(get(each.outcome)));
    }

    Map<String, NavigableMap<Long, String>> log = logOf(own);
    Map<String, Long> last = new HashMap<>();
    for (Given each : given) {
      long offset = result(get(each.outcome)).get("offset").asLong();
      assertThat(log.get(each.room)).as("seed %d", seed).containsEntry(offset, each.text);
      String sender = each.node + " " + each.room;
      assertThat(offset)
          .as("seed %d: sends of one node to one room keep their order", seed)
          .isGreaterThan(last.getOrDefault(sender, 0L));
      last.put(sender, offset);
    }
    log.forEach((room, rows) -> assertThat(rows.keySet())
        .as("seed %d: %s has no hole", seed, room)
        .containsExactlyElementsOf(
            LongStream.rangeClosed(rows.firstKey(), rows.lastKey()).boxed().toList()));
    nodes.forEach(ChatNode::stop);
    // A connection tells what it counted at its end.
    await()
        .atMost(10, TimeUnit.SECONDS)
        .untilAsserted(() -> assertThat(
                own.rows(
                    "select count(*) from pg_stat_activity where datname = current_database() and application_name like 'madang-chat%'"))
            .containsExactly("0"));
    // Who waits in vain for a lock, or meets in a deadlock, is rolled back.
    assertThat(
            own.rows(
                "select deadlocks, xact_rollback from pg_stat_database where datname = current_database()"))
        .as("seed %d: deadlocks, and groups that were rolled back", seed)
        .containsExactly("0|0");
  }

  /** Deadlocks are rare even where the order is wrong; what a group holds while it waits shows the order itself. */
  @Test
  void a_group_that_waits_for_a_topic_holds_those_before_it_by_name_and_none_behind()
      throws Exception {
    long seed = Long.getLong("madang.lock.seed", 1);
    Random random = new Random(seed);
    List<String> names =
        IntStream.range(0, GROUP).mapToObj(i -> name("order") + "-" + i).toList();
    Caller ann = user("ann");
    names.forEach(room -> node.done(ann, "joinRoom", "{'room':'" + room + "'}"));
    List<String> sorted = names.stream().map(room -> "room:" + room).sorted().toList();

    for (int round = 0; round < GROUP * 2; round++) {
      List<String> group = new ArrayList<>(names);
      Collections.shuffle(group, random);
      int taken = random.nextInt(GROUP);
      try (Connection other = database.connect();
          Connection sending = database.connect();
          Statement lock = other.createStatement();
          Statement send = sending.createStatement()) {
        other.setAutoCommit(false);
        lock.execute("select from chat.topic where topic = '%s' for no key update"
            .formatted(sorted.get(taken)));
        String pid = pidOf(send);
        CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> sendAll(send, group));

        await()
            .atMost(10, TimeUnit.SECONDS)
            .untilAsserted(() -> assertThat(database.rows(
                    "select wait_event_type from pg_stat_activity where pid = " + pid))
                .containsExactly("Lock"));
        assertThat(database.rows(("select topic from chat.topic where topic in ('%s')"
                    + " order by topic for no key update skip locked")
                .formatted(String.join("','", sorted))))
            .as("seed %d: nobody holds what is behind %s, of %s", seed, sorted.get(taken), group)
            .isEqualTo(sorted.subList(taken + 1, GROUP));

        other.rollback();
        sent.get(10, TimeUnit.SECONDS);
      }
    }
  }

  private static String pidOf(Statement statement) throws SQLException {
    try (ResultSet pid = statement.executeQuery("select pg_backend_pid()")) {
      pid.next();
      return pid.getString(1);
    }
  }

  private static void sendAll(Statement statement, List<String> rooms) {
    String items = rooms.stream()
        .map(room -> "('%s', '%s')".formatted(room, UUID.randomUUID()))
        .collect(Collectors.joining(","));
    try {
      statement.execute("""
          select chat.send(array_agg(room), array_agg('ann'::text), array_agg('ann'::text), array_agg(0::smallint),
            array_agg('hi'::text), array_agg(null::text), array_agg(id), array_agg(id::uuid), array_agg(0::bigint))
          from (values %s) item (room, id)""".formatted(items));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Given send(List<ChatNode> nodes, int node, Caller by, String room, int number) {
    String text = "text " + number;
    return new Given(
        node,
        room,
        text,
        nodes
            .get(node)
            .give(
                by,
                newId(),
                "sendToRoom",
                "{\"room\":\"%s\",\"text\":\"%s\"}".formatted(room, text)));
  }

  /** Text by offset of each room, its other events with none. */
  private static Map<String, NavigableMap<Long, String>> logOf(TestDatabase own)
      throws SQLException {
    Map<String, NavigableMap<Long, String>> log = new HashMap<>();
    for (String row : own.rows("select r.room, l.pos, coalesce(l.text, '') from chat.log l"
        + " join chat.room r on r.life = l.life where r.room like 'r%'")) {
      String[] parts = row.split("\\|", -1);
      log.computeIfAbsent(parts[0], room -> new TreeMap<>())
          .put(Long.parseLong(parts[1]), parts[2]);
    }
    return log;
  }
}
