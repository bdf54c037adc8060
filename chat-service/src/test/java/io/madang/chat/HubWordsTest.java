package io.madang.chat;

import static io.madang.chat.ChatNode.guest;
import static io.madang.chat.ChatNode.json;
import static io.madang.chat.ChatNode.newId;
import static io.madang.chat.ChatNode.result;
import static io.madang.chat.ChatNode.user;
import static io.madang.chat.ChatNode.withRole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.madang.contracts.chat.ChatNames;
import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.topic.EventClass;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The commands that hubs have words for and rooms had not. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class HubWordsTest extends ChatTest {
  private static final String LOBBY = "room:lobby";
  private static final Duration SOON = Duration.ofSeconds(20);

  private Publication last(String topic, String event) {
    List<Publication> heard = node.heardOf(topic).stream()
        .filter(publication -> publication.event().equals(event))
        .toList();
    assertThat(heard).isNotEmpty();
    return heard.get(heard.size() - 1);
  }

  private String room(Caller... members) {
    String room = name("words");
    for (Caller member : members) {
      node.done(member, "joinRoom", "{'room':'" + room + "'}");
    }
    return room;
  }

  @Nested
  class Entering_a_room {
    @Test
    void joins_one_that_is_there() {
      String room = room(user("ann"));

      JsonNode entered = node.done(user("bob"), "enterRoom", "{'room':'" + room + "'}");

      assertThat(entered.get("members").asInt()).isEqualTo(2);
      assertThat(entered.get("created").asBoolean()).isFalse();
      assertThat(node.lastOf("room:" + room).event()).isEqualTo("joined");
    }

    @Test
    void brings_who_joins_what_comes_behind_that_and_not_that_it_joined() {
      String room = room(user("ann"));

      CommandOutcome entered =
          node.command(user("bob"), newId(), "enterRoom", "{'room':'" + room + "'}");

      Publication joined = node.lastOf("room:" + room);
      assertThat(joined.event()).isEqualTo("joined");
      assertThat(((CommandOutcome.Done) entered).effects().subscribe())
          .containsExactly(
              Map.entry(Topic.parse("room:" + room), joined.position().orElseThrow()));
    }

    @Test
    void never_makes_one() {
      String room = name("nowhere");

      Refusal refusal = node.refused(user("ann"), "enterRoom", "{'room':'" + room + "'}");

      assertThat(refusal.code()).isEqualTo("forbidden");
      assertThat(node.mayHear(user("ann"), "room:" + room)).isFalse();
    }

    @Test
    void that_is_private_is_told_the_same_as_where_there_is_none() {
      String room = name("hidden");
      node.done(
          user("ann"), "createRoom", "{'room':'" + room + "','options':{'visibility':'private'}}");

      assertThat(node.refused(user("bob"), "enterRoom", "{'room':'" + room + "'}"))
          .isEqualTo(node.refused(user("bob"), "enterRoom", "{'room':'" + name("nowhere") + "'}"));
    }

    @Test
    void asks_for_its_password() {
      String room = name("locked");
      node.done(user("ann"), "createRoom", "{'room':'" + room + "','options':{'password':'x1'}}");
      Caller bob = user(name("bob"));

      assertThat(node.refused(bob, "enterRoom", "{'room':'" + room + "'}").code())
          .isEqualTo("wrong-password");
      assertThat(node.refused(bob, "enterRoom", "{'room':'" + room + "','password':'x2'}")
              .code())
          .isEqualTo("wrong-password");
      node.done(bob, "enterRoom", "{'room':'" + room + "','password':'x1'}");
    }

    @Test
    void is_done_once_however_often_it_is_asked() {
      String room = room(user("ann"));
      String id = newId();
      String asked = "{'room':'" + room + "'}";

      JsonNode first = result(node.command(user("bob"), id, "enterRoom", asked));
      JsonNode again = result(node.command(user("bob"), id, "enterRoom", asked));

      assertThat(again).isEqualTo(first);
    }
  }

  @Nested
  class The_other_word {
    @Test
    void for_a_group_is_told_with_the_message_then_and_when_it_is_read_later() {
      String room = room(user("ann"));
      StreamPosition before = node.granted(user("ann"), "room:" + room, null).position();
      node.done(user("ann"), "sendToGroup", "{'room':'" + room + "','text':'to the group'}");
      node.done(user("ann"), "sendToRoom", "{'room':'" + room + "','text':'to the room'}");

      List<Publication> live = node.heardOf("room:" + room);
      List<Publication> later =
          node.granted(user("ann"), "room:" + room, before).publications();

      for (List<Publication> heard : List.of(live.subList(live.size() - 2, live.size()), later)) {
        assertThat(json(heard.get(0).data()).get("group").asBoolean()).isTrue();
        assertThat(json(heard.get(1).data()).has("group")).isFalse();
      }
    }

    @Test
    void of_a_direct_message_is_told_to_its_recipient_alone() {
      Caller ann = user(name("ann"));
      Caller bob = user(name("bob"));
      node.done(bob, "listRooms", "{}");
      node.done(ann, "sendDirect", "{'toUser':'" + bob.user() + "','text':'plain'}");
      assertThat(json(node.lastOf("inbox:" + bob.user()).data()).get("heard").asText())
          .isEqualTo("direct");

      node.done(ann, "sendPrivate", "{'toUser':'" + bob.user() + "','text':'private'}");

      assertThat(json(node.lastOf("inbox:" + bob.user()).data()).get("heard").asText())
          .isEqualTo("private");
      assertThat(json(node.lastOf("inbox:" + ann.user()).data()).has("heard")).isFalse();
      node.done(ann, "sendPrivate", "{'toUser':'" + ann.user() + "','text':'a note'}");
      assertThat(json(node.lastOf("inbox:" + ann.user()).data()).get("heard").asText())
          .isEqualTo("private");
    }
  }

  @Nested
  class A_safe_send {
    @Test
    void that_comes_too_fast_is_dropped_and_no_error() {
      Caller hasty = guest(name("hasty"));
      List<JsonNode> answers = new ArrayList<>();
      for (int i = 0; i < 3 * ChatNames.SAFE_SENDS; i++) {
        answers.add(node.done(hasty, "safeSend", "{'text':'quick " + i + "'}"));
      }

      assertThat(answers.subList(0, ChatNames.SAFE_SENDS))
          .allMatch(answer -> answer.has("messageId"));
      assertThat(answers).anyMatch(answer -> answer.path("dropped").asBoolean());
    }
  }

  @Nested
  class What_is_said_to_all_others {
    @Test
    void leaves_out_the_connection_that_said_it_and_is_kept_by_nobody() {
      node.done(user("ann"), "broadcast", "{'text':'fresh coffee'}");

      Publication told = last(LOBBY, "broadcast");
      assertThat(told.eventClass()).isEqualTo(EventClass.EPHEMERAL);
      assertThat(told.except()).contains("c_ann");
      assertThat(json(told.data()).toString())
          .isEqualTo("{\"user\":{\"id\":\"u_ann\",\"name\":\"ann\"},\"text\":\"fresh coffee\"}");
    }

    @Test
    void is_not_for_those_who_may_not_speak() {
      Caller loud = user(name("loud"));
      node.done(loud, "sendMessage", "{'text':'HELLO'}");
      node.done(
          withRole("mod", "moderator"),
          "muteUser",
          "{'room':'lobby','user':'" + loud.user() + "'}");

      assertThat(node.refused(loud, "broadcast", "{'text':'HELLO'}").code()).isEqualTo("muted");
      assertThat(node.refused(loud, "sendSecureMessage", "{'message':'HELLO'}").code())
          .isEqualTo("muted");
    }

    @Test
    void is_encoded_where_it_is_to_be_safe() {
      node.done(user("ann"), "sendSecureMessage", "{'message':'<i>now</i>'}");

      Publication told = last(LOBBY, "secure");
      assertThat(told.except()).contains("c_ann");
      assertThat(json(told.data()).get("text").asText()).isEqualTo("&lt;i&gt;now&lt;/i&gt;");
    }

    @Test
    void is_refused_in_the_words_its_clients_know() {
      Caller eager = user(name("eager"));
      assertThat(node.refused(eager, "sendSecureMessage", "{'message':' '}").message())
          .isEqualTo("Invalid message format");
      assertThat(node.refused(
                  eager,
                  "sendSecureMessage",
                  "{'message':'" + "x".repeat(ChatNames.MAX_SECURE_CHARS + 1) + "'}")
              .message())
          .isEqualTo("Message too large");
      for (int i = 2; i < ChatNames.SECURE_MESSAGES_PER_MINUTE; i++) {
        node.done(eager, "sendSecureMessage", "{'message':'again'}");
      }

      Refusal tooMany = node.refused(eager, "sendSecureMessage", "{'message':'again'}");

      assertThat(tooMany.message()).isEqualTo("Rate limit exceeded");
      assertThat(tooMany.retryAfterMs()).isPresent();
    }
  }

  @Nested
  class What_an_operator_says {
    @Test
    void is_kept_and_told_to_everyone_once() {
      Caller root = withRole("root", "admin");
      StreamPosition before = node.granted(root, LOBBY, null).position();
      String id = newId();
      String said = "{'text':'maintenance at noon'}";
      result(node.command(root, id, "adminBroadcast", said));
      result(node.command(root, id, "adminBroadcast", said));

      List<Publication> kept = node.granted(root, LOBBY, before).publications().stream()
          .filter(publication -> publication.event().equals("announcement"))
          .toList();

      assertThat(kept).hasSize(1);
      assertThat(json(kept.get(0).data()).toString())
          .isEqualTo(
              "{\"user\":{\"id\":\"u_root\",\"name\":\"root\"},\"text\":\"maintenance at noon\"}");
      assertThat(ChatDescriptor.CHAT.command("adminBroadcast").orElseThrow().role())
          .contains("admin");
    }

    @Test
    void to_somebody_who_is_kicked_is_told_in_that_users_inbox() {
      Caller rude = user(name("rude"));
      node.done(rude, "sendMessage", "{'text':'boo'}");

      node.done(
          withRole("mod", "moderator"),
          "kickUser",
          "{'room':'lobby','user':'" + rude.user() + "','reason':'boo'}");

      Publication told = last("inbox:" + rude.user(), "toldToLeave");
      assertThat(json(told.data()).toString())
          .isEqualTo(
              "{\"room\":\"lobby\",\"by\":{\"id\":\"u_mod\",\"name\":\"mod\"},\"reason\":\"boo\"}");
    }
  }

  @Nested
  class A_queued_message {
    @Test
    void is_kept_as_any_other_and_told_with_those_of_the_same_moment() {
      Caller ann = user(name("ann"));
      List<Future<CommandOutcome>> given = new ArrayList<>();
      for (int i = 0; i < 250; i++) {
        given.add(node.give(ann, newId(), "queueMessage", "{\"text\":\"q" + i + "\"}"));
      }
      given.forEach(future -> result(ChatNode.get(future)));
      await().atMost(SOON).until(() -> gathered(ann).size() == 250);

      List<JsonNode> batches = batches();

      assertThat(gathered(ann))
          .extracting(item -> item.get("text").asText())
          .startsWith("q0", "q1")
          .endsWith("q249");
      assertThat(batches).allMatch(batch -> batch.size() <= ChatNames.MAX_QUEUED);
      assertThat(batches.size()).isLessThan(250);
      assertThat(node.heardOf(LOBBY).stream()
              .filter(publication -> publication.event().equals("message"))
              .filter(publication ->
                  json(publication.data()).path("user").path("id").asText().equals(ann.user())))
          .hasSize(250);
    }

    private List<JsonNode> batches() {
      return node.heardOf(LOBBY).stream()
          .filter(publication -> publication.event().equals("messages"))
          .map(publication -> json(publication.data()).get("messages"))
          .toList();
    }

    private List<JsonNode> gathered(Caller by) {
      List<JsonNode> items = new ArrayList<>();
      batches()
          .forEach(batch -> batch.forEach(item -> {
            if (item.path("user").path("id").asText().equals(by.user())) {
              items.add(item);
            }
          }));
      return items;
    }
  }

  @Nested
  class Who_comes_back {
    private CommandOutcome.Done back(Caller caller, String lastMessageId) {
      return (CommandOutcome.Done) node.command(
          caller,
          newId(),
          "reconnectWithState",
          lastMessageId.isEmpty() ? "{}" : "{'lastMessageId':'" + lastMessageId + "'}");
    }

    private List<String> missed(CommandOutcome.Done back) {
      List<String> texts = new ArrayList<>();
      json(back.result())
          .get("missed")
          .forEach(item -> texts.add(item.get("content").asText()));
      return texts;
    }

    private String say(Caller caller, String room, String text) {
      return node.done(caller, "sendToRoom", "{'room':'" + room + "','text':'" + text + "'}")
          .get("messageId")
          .asText();
    }

    @Test
    void hears_what_was_said_since_in_all_rooms_and_the_inbox_in_its_order() {
      Caller ann = user(name("ann"));
      Caller bob = user(name("bob"));
      String one = room(ann, bob);
      String two = room(ann, bob);
      say(ann, two, "too early");
      String last = say(ann, one, "known");
      say(ann, two, "first");
      node.done(ann, "sendDirect", "{'toUser':'" + bob.user() + "','text':'second'}");
      say(ann, one, "third");
      String other = room(ann);
      say(ann, other, "not for bob");

      CommandOutcome.Done back = back(bob, last);

      assertThat(missed(back)).containsExactly("first", "second", "third");
      JsonNode result = json(back.result());
      JsonNode first = result.get("missed").get(0);
      assertThat(first.get("room").asText()).isEqualTo(two);
      assertThat(first.get("userId").asText()).isEqualTo(ann.user());
      assertThat(first.get("fromUser").asText()).isEqualTo(ann.name());
      assertThat(first.has("utc")).isTrue();
      assertThat(result.get("missed").get(1).has("room")).isFalse();
      assertThat(result.get("more").asBoolean()).isFalse();
      assertThat(result.path("state").path("user").path("id").asText()).isEqualTo(bob.user());
      assertThat(result.path("state").path("rooms").findValuesAsText("room"))
          .contains(one, two, "lobby")
          .doesNotContain(other);
    }

    @Test
    void goes_on_from_where_the_answer_ends() {
      Caller bob = user(name("bob"));
      String room = room(bob);
      say(bob, room, "hi");

      Map<Topic, StreamPosition> goesOn = back(bob, "").effects().subscribe();

      assertThat(goesOn)
          .containsEntry(
              Topic.parse("room:" + room),
              node.granted(bob, "room:" + room, null).position())
          .containsKeys(Topic.parse(LOBBY), Topic.parse("inbox:" + bob.user()));
      // What is unread is told when somebody begins to listen, so the inbox itself stands behind
      // that already.
      assertThat(node.granted(
                  bob, "inbox:" + bob.user(), goesOn.get(Topic.parse("inbox:" + bob.user())))
              .recovered())
          .isTrue();
    }

    @Test
    void with_nothing_or_with_an_id_of_nobody_missed_nothing() {
      Caller bob = user(name("bob"));
      String elsewhere = say(user("ann"), room(user("ann")), "not for bob");

      for (String last : List.of("", "nonsense", "abc-1", elsewhere)) {
        assertThat(missed(back(bob, last))).isEmpty();
      }
    }

    @Test
    void knows_a_direct_message_by_the_id_it_came_with() {
      Caller ann = user(name("ann"));
      Caller bob = user(name("bob"));
      node.done(bob, "listRooms", "{}");
      String last = node.done(ann, "sendDirect", "{'toUser':'" + bob.user() + "','text':'known'}")
          .get("messageId")
          .asText();
      node.done(ann, "sendDirect", "{'toUser':'" + bob.user() + "','text':'new'}");

      assertThat(missed(back(bob, last))).containsExactly("new");
    }

    @Test
    void gets_the_rest_from_its_topics_when_there_is_more_than_fits() {
      Caller ann = user(name("ann"));
      String room = room(ann);
      String last = say(ann, room, "known");
      List<Future<CommandOutcome>> given = new ArrayList<>();
      for (int i = 0; i <= ChatNames.MAX_TAKE; i++) {
        given.add(node.give(
            ann, newId(), "sendToRoom", "{\"room\":\"" + room + "\",\"text\":\"m" + i + "\"}"));
      }
      given.forEach(future -> result(ChatNode.get(future)));

      CommandOutcome.Done back = back(ann, last);

      assertThat(missed(back)).hasSize(ChatNames.MAX_TAKE).startsWith("m0").endsWith("m199");
      assertThat(json(back.result()).get("more").asBoolean()).isTrue();
      StreamPosition from = back.effects().subscribe().get(Topic.parse("room:" + room));
      List<Publication> rest = node.granted(ann, "room:" + room, from).publications();
      assertThat(rest)
          .extracting(publication -> json(publication.data()).get("text").asText())
          .containsExactly("m" + ChatNames.MAX_TAKE);
    }

    @Test
    void hears_no_deleted_message_and_no_room_that_was_left() {
      Caller ann = user(name("ann"));
      Caller bob = user(name("bob"));
      String room = room(ann, bob);
      String left = room(ann, bob);
      String last = say(ann, room, "known");
      String gone = say(ann, room, "gone");
      node.done(ann, "deleteMessage", "{'room':'" + room + "','messageId':'" + gone + "'}");
      say(ann, left, "after");
      node.done(bob, "leaveRoom", "{'room':'" + left + "'}");

      assertThat(missed(back(bob, last))).isEmpty();
    }
  }

  @Test
  void a_caller_without_a_connection_is_left_out_nowhere() {
    Caller poster = Caller.person("u_poster", "poster", Set.of(), false, Optional.empty());

    node.done(poster, "broadcast", "{'text':'by HTTP'}");

    assertThat(last(LOBBY, "broadcast").except()).isEmpty();
  }
}
