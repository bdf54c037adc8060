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
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Three nodes whose groups of sends take the same topics at the same time; {@code -Dmadang.lock.seed=17} gives another run. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LockOrderTest extends ChatTest {
  private static final int NODES = 3;
  private static final int ROOMS = 96;
  private static final int ROUNDS = 8;
  private static final int SENDS = 400;

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
