package io.madang.chat;

import static io.madang.chat.ChatNode.get;
import static io.madang.chat.ChatNode.newId;
import static io.madang.chat.ChatNode.refusal;
import static io.madang.chat.ChatNode.result;
import static io.madang.chat.ChatNode.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.topic.Publication;
import io.madang.testkit.TestDatabase;
import io.madang.testkit.TestStores;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SequencerTest extends ChatTest {
  private final Caller ann = user("ann");

  private Future<CommandOutcome> say(
      ChatNode at, Caller caller, String id, String room, String text) {
    return at.give(
        caller, id, "sendToRoom", "{\"room\":\"%s\",\"text\":\"%s\"}".formatted(room, text));
  }

  private List<CommandOutcome> all(List<Future<CommandOutcome>> given) {
    return given.stream().map(ChatNode::get).toList();
  }

  @Nested
  class A_group_of_sends {
    @Test
    void takes_those_that_may_speak_and_refuses_the_others_alone() {
      String room = name("room");
      node.done(ann, "joinRoom", "{'room':'" + room + "'}");
      Caller stranger = user(name("stranger"));
      List<Future<CommandOutcome>> given = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        given.add(say(node, i % 4 == 3 ? stranger : ann, newId(), room, "text " + i));
      }

      List<CommandOutcome> outcomes = all(given);

      List<Long> offsets = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        if (i % 4 == 3) {
          assertThat(refusal(outcomes.get(i)).code()).isEqualTo("not-a-member");
        } else {
          offsets.add(result(outcomes.get(i)).get("offset").asLong());
        }
      }
      assertThat(offsets).isEqualTo(LongStream.rangeClosed(2, 31).boxed().toList());
      assertThat(node.heardOf("room:" + room))
          .extracting(Publication::offset)
          .isEqualTo(LongStream.rangeClosed(1, 31).boxed().toList());
    }

    @Test
    void keeps_a_command_that_comes_twice_once() {
      String room = name("room");
      node.done(ann, "joinRoom", "{'room':'" + room + "'}");
      String id = newId();
      List<Future<CommandOutcome>> given = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        given.add(say(node, ann, id, room, "once"));
        given.add(say(node, ann, newId(), room, "other " + i));
      }

      List<JsonNode> results = all(given).stream().map(ChatNode::result).toList();

      JsonNode first = results.get(0);
      for (int i = 0; i < 20; i += 2) {
        assertThat(results.get(i)).isEqualTo(first);
      }
      assertThat(node.granted(ann, "room:" + room, null).position().offset()).isEqualTo(12);
      assertThat(node.heardOf("room:" + room))
          .filteredOn(p -> p.command().equals(Optional.of(id)))
          .as("a repeat publishes the first result again")
          .hasSize(10)
          .extracting(Publication::offset)
          .containsOnly(first.get("offset").asLong());
    }

    @Test
    void refuses_an_id_that_was_used_for_something_else() {
      String room = name("room");
      node.done(ann, "joinRoom", "{'room':'" + room + "'}");
      String id = newId();
      List<CommandOutcome> outcomes =
          all(List.of(say(node, ann, id, room, "one"), say(node, ann, id, room, "another")));

      assertThat(result(outcomes.get(0)).get("offset").asLong()).isEqualTo(2);
      assertThat(refusal(outcomes.get(1)).code()).isEqualTo("conflict");
      assertThat(refusal(get(say(node, ann, id, "lobby", "one"))).code()).isEqualTo("conflict");
      assertThat(refusal(node.command(ann, id, "leaveRoom", "{'room':'" + room + "'}"))
              .code())
          .isEqualTo("conflict");
    }

    @Test
    void refuses_an_id_that_made_a_room_and_makes_no_room_with_one_that_was_used() {
      String room = name("room");
      String id = newId();
      result(node.command(ann, id, "createRoom", "{'room':'" + room + "'}"));
      String used = newId();
      result(get(say(node, ann, used, room, "one")));

      assertThat(refusal(get(say(node, ann, id, room, "one"))).code()).isEqualTo("conflict");
      for (String name : List.of("joinRoom", "leaveRoom")) {
        assertThat(
                refusal(node.command(ann, id, name, "{'room':'" + room + "'}")).code())
            .as(name)
            .isEqualTo("conflict");
      }
      assertThat(refusal(node.command(ann, used, "createRoom", "{'room':'" + name("room") + "'}"))
              .code())
          .isEqualTo("conflict");
      result(node.command(ann, id, "createRoom", "{'room':'" + room + "'}"));
    }

    @Test
    void leaves_the_same_id_of_another_user_alone() {
      String id = newId();
      Caller bob = user("bob");
      JsonNode mine = result(get(say(node, ann, id, "lobby", "mine")));
      JsonNode his = result(get(say(node, bob, id, "lobby", "his")));
      assertThat(his.get("messageId")).isNotEqualTo(mine.get("messageId"));
    }
  }

  @Nested
  class Two_nodes {
    @Test
    void give_one_room_offsets_without_hole_or_double() {
      ChatNode other = ChatNode.start(vertx, "chat-2", config());
      String room = name("room");
      node.done(ann, "joinRoom", "{'room':'" + room + "'}");
      int writers = 16;
      int each = 100;
      List<Future<CommandOutcome>> given = new ArrayList<>();
      for (int writer = 0; writer < writers; writer++) {
        Caller caller = user("writer" + writer);
        ChatNode at = writer % 2 == 0 ? node : other;
        given.add(at.give(caller, newId(), "joinRoom", "{\"room\":\"" + room + "\"}"));
        for (int i = 0; i < each; i++) {
          given.add(say(at, caller, newId(), room, "text " + i));
        }
      }

      all(given).forEach(ChatNode::result);

      int events = 1 + writers * (each + 1);
      List<Long> offsets = new ArrayList<>();
      node.heardOf("room:" + room).forEach(p -> offsets.add(p.offset()));
      other.heardOf("room:" + room).forEach(p -> offsets.add(p.offset()));
      assertThat(offsets.stream().sorted().toList())
          .isEqualTo(LongStream.rangeClosed(1, events).boxed().toList());
      other.stop();
    }

    @Test
    void racing_with_one_id_keep_it_once() {
      ChatNode other = ChatNode.start(vertx, "chat-2", config());
      for (int round = 0; round < 30; round++) {
        String id = newId();
        Future<CommandOutcome> here = say(node, ann, id, "lobby", "race");
        Future<CommandOutcome> there = say(other, ann, id, "lobby", "race");
        assertThat(result(get(here))).isEqualTo(result(get(there)));
      }
      other.stop();
    }

    @Test
    void racing_with_one_id_for_two_rooms_keep_one_and_refuse_the_other() {
      ChatNode other = ChatNode.start(vertx, "chat-2", config());
      String room = name("room");
      node.done(ann, "joinRoom", "{'room':'" + room + "'}");
      for (int round = 0; round < 30; round++) {
        String id = newId();
        List<CommandOutcome> outcomes =
            all(List.of(say(node, ann, id, "lobby", "race"), say(other, ann, id, room, "race")));
        assertThat(outcomes).filteredOn(CommandOutcome.Done.class::isInstance).hasSize(1);
        assertThat(outcomes)
            .filteredOn(CommandOutcome.Refused.class::isInstance)
            .extracting(outcome -> refusal(outcome).code())
            .containsExactly("conflict");
      }
      other.stop();
    }
  }

  @Nested
  class A_store_that_grows {
    @Test
    void is_searched_by_key_although_plans_were_made_when_it_was_empty() throws SQLException {
      TestDatabase own = TestStores.createDatabase();
      ChatNode at = ChatNode.start(vertx, "chat-2", config().withPostgres(own.url()));
      int count = 1_900;
      List<Future<CommandOutcome>> given = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        given.add(say(at, ann, newId(), "lobby", "text " + i));
      }
      all(given).forEach(ChatNode::result);
      at.stop();

      String looked =
          "select idx_scan >= %d, idx_tup_read <= %d from pg_stat_user_indexes where indexrelname = 'log_command'"
              .formatted(count, count);
      await()
          .atMost(10, TimeUnit.SECONDS)
          .untilAsserted(() -> assertThat(own.rows(looked)).containsExactly("t|t"));
    }
  }

  @Nested
  class A_connection_that_is_killed {
    @Test
    void loses_no_command_and_doubles_none() throws SQLException {
      String room = name("room");
      node.done(ann, "joinRoom", "{'room':'" + room + "'}");
      List<Future<CommandOutcome>> given = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        given.add(say(node, ann, newId(), room, "text " + i));
        if (i % 500 == 250) {
          get(given.get(i - 200));
          database.execute("select pg_terminate_backend(pid) from pg_stat_activity"
              + " where application_name like 'madang-chat%' and pid <> pg_backend_pid()"
              + " and query like '%chat.send%'");
        }
      }

      List<Long> offsets = all(given).stream()
          .map(outcome -> result(outcome).get("offset").asLong())
          .toList();

      assertThat(offsets).doesNotHaveDuplicates();
      await()
          .atMost(10, TimeUnit.SECONDS)
          .untilAsserted(() -> assertThat(database.rows(
                  "select count(*), count(distinct l.text), max(l.pos), (select last_offset from chat.topic where topic = 'room:"
                      + room
                      + "') from chat.log l join chat.room r on r.life = l.life where r.room = '"
                      + room
                      + "' and event = 'message'"))
              .containsExactly("2000|2000|2001|2001"));
    }
  }
}
