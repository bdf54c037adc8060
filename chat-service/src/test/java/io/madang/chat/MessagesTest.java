package io.madang.chat;

import static io.madang.chat.ChatNode.newId;
import static io.madang.chat.ChatNode.result;
import static io.madang.chat.ChatNode.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.madang.runtime.command.Caller;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MessagesTest extends ChatTest {
  private final Caller ann = user("ann");
  private final Caller bob = user("bob");

  private String room() {
    String room = name("talk");
    node.done(ann, "joinRoom", "{'room':'" + room + "'}");
    node.done(bob, "joinRoom", "{'room':'" + room + "'}");
    return room;
  }

  private JsonNode say(Caller caller, String room, String text) {
    return node.done(caller, "sendToRoom", "{'room':'" + room + "','text':'" + text + "'}");
  }

  private static List<String> texts(JsonNode messages) {
    List<String> texts = new ArrayList<>();
    messages.forEach(message -> texts.add(message.get("text").asText()));
    return texts;
  }

  private static StreamPosition position(JsonNode node) {
    return new StreamPosition(node.get("epoch").asText(), node.get("offset").asLong());
  }

  @Nested
  class A_message {
    @Test
    void is_answered_published_and_read_alike() {
      String room = room();
      JsonNode sent = say(ann, room, "안녕 👋");
      Publication heard = node.lastOf("room:" + room);
      assertThat(heard.event()).isEqualTo("message");
      assertThat(heard.offset()).isEqualTo(sent.get("offset").asLong()).isEqualTo(3);
      assertThat(heard.previous()).isEqualTo(2);
      JsonNode data = ChatNode.json(heard.data());
      assertThat(data.get("id")).isEqualTo(sent.get("messageId"));
      assertThat(data.get("text").asText()).isEqualTo("안녕 👋");
      JsonNode read =
          node.done(bob, "recentMessages", "{'room':'" + room + "'}").get(0);
      assertThat(read.get("id")).isEqualTo(sent.get("messageId"));
      assertThat(read.get("utc")).isEqualTo(sent.get("time"));
      assertThat(read.get("content").asText()).isEqualTo("안녕 👋");
    }

    @Test
    void is_edited_by_its_author_alone() {
      String room = room();
      String id = say(ann, room, "frist").get("messageId").asText();
      String edit = "{'room':'" + room + "','messageId':'" + id + "','text':'first'}";
      assertThat(node.refused(bob, "editMessage", edit).code()).isEqualTo("not-yours");
      JsonNode edited = node.done(ann, "editMessage", edit);
      assertThat(edited.get("offset").asLong()).isEqualTo(4);
      assertThat(ChatNode.json(node.lastOf("room:" + room).data()).toString())
          .contains("\"offset\":3", "\"text\":\"first\"");
      JsonNode read =
          node.done(bob, "history", "{'room':'" + room + "'}").get("messages").get(0);
      assertThat(read.get("text").asText()).isEqualTo("first");
      assertThat(read.has("edited")).isTrue();
    }

    @Test
    void leaves_a_tombstone_and_no_text_when_deleted() throws SQLException {
      String room = room();
      String id = say(bob, room, "a slip").get("messageId").asText();
      String which = "{'room':'" + room + "','messageId':'" + id + "'}";
      node.done(
          bob, "editMessage", "{'room':'" + room + "','messageId':'" + id + "','text':'a slip 2'}");
      node.done(ann, "deleteMessage", which);
      assertThat(node.lastOf("room:" + room).event()).isEqualTo("deleted");
      JsonNode read =
          node.done(bob, "history", "{'room':'" + room + "'}").get("messages").get(0);
      assertThat(read.get("deleted").asBoolean()).isTrue();
      assertThat(read.get("text").asText()).isEmpty();
      assertThat(node.done(bob, "recentMessages", "{'room':'" + room + "'}")).isEmpty();
      assertThat(database.rows("select count(*) from chat.log where text like 'a slip%'"))
          .containsExactly("0");
      assertThat(node.refused(ann, "deleteMessage", which).code()).isEqualTo("unknown-message");
    }

    @Test
    void is_known_when_it_comes_again_after_it_was_edited_or_deleted() {
      String room = room();
      String id = newId();
      String send = "{'room':'" + room + "','text':'again'}";
      JsonNode first = result(node.command(ann, id, "sendToRoom", send));
      node.done(
          ann,
          "deleteMessage",
          "{'room':'" + room + "','messageId':'" + first.get("messageId").asText() + "'}");
      assertThat(result(node.command(ann, id, "sendToRoom", send))).isEqualTo(first);
      JsonNode data = ChatNode.json(node.lastOf("room:" + room).data());
      assertThat(data.get("deleted").asBoolean()).isTrue();
      assertThat(data.get("text").asText()).isEmpty();
    }

    @Test
    void takes_reactions_once_of_each_reader() {
      String room = room();
      long offset = say(ann, room, "nice").get("offset").asLong();
      String heart = "{'room':'" + room + "','offset':" + offset + ",'emoji':'❤️','on':true}";
      node.done(bob, "react", heart);
      assertThat(node.done(bob, "react", heart).has("offset")).as("no event").isFalse();
      node.done(ann, "react", heart);
      JsonNode read =
          node.done(bob, "history", "{'room':'" + room + "'}").get("messages").get(0);
      assertThat(read.get("reactions").toString())
          .isEqualTo("[{\"emoji\":\"❤️\",\"count\":2,\"mine\":true}]");
      node.done(bob, "react", heart.replace("true", "false"));
      assertThat(node.eventsOf("room:" + room)).endsWith("reaction", "reaction", "reaction");
    }

    @Test
    void takes_so_many_different_reactions_and_no_more() {
      String room = room();
      long offset = say(ann, room, "nice").get("offset").asLong();
      for (int i = 0; i < 50; i++) {
        node.done(
            bob, "react", "{'room':'%s','offset':%d,'emoji':'e%d'}".formatted(room, offset, i));
      }
      assertThat(node.refused(
                  bob,
                  "react",
                  "{'room':'%s','offset':%d,'emoji':'one more'}".formatted(room, offset))
              .code())
          .isEqualTo("too-many-reactions");
    }

    @Test
    void that_is_not_there_can_neither_be_edited_nor_reacted_to() {
      String room = room();
      for (String id :
          List.of("x", "-1", "abc-0", "0123456789abcdef-3", "abc-99999999999999999999")) {
        assertThat(node.refused(
                    ann,
                    "editMessage",
                    "{'room':'" + room + "','messageId':'" + id + "','text':'x'}")
                .code())
            .as(id)
            .isEqualTo("unknown-message");
      }
      assertThat(node.refused(ann, "react", "{'room':'" + room + "','offset':1,'emoji':'x'}")
              .code())
          .as("a joining is no message")
          .isEqualTo("unknown-message");
    }
  }

  @Nested
  class History {
    @Test
    void is_paged_both_ways() {
      String room = room();
      for (int i = 1; i <= 10; i++) {
        say(ann, room, "m" + i);
      }
      JsonNode newest = node.done(bob, "history", "{'room':'" + room + "','take':4}");
      assertThat(texts(newest.get("messages"))).containsExactly("m7", "m8", "m9", "m10");
      assertThat(newest.get("hasOlder").asBoolean()).isTrue();
      assertThat(newest.get("hasNewer").asBoolean()).isFalse();

      long first = newest.get("messages").get(0).get("offset").asLong();
      JsonNode older =
          node.done(bob, "history", "{'room':'%s','take':6,'before':%d}".formatted(room, first));
      assertThat(texts(older.get("messages"))).containsExactly("m1", "m2", "m3", "m4", "m5", "m6");
      assertThat(older.get("hasOlder").asBoolean()).isFalse();
      assertThat(older.get("hasNewer").asBoolean()).isTrue();

      JsonNode newer =
          node.done(bob, "history", "{'room':'%s','take':3,'after':%d}".formatted(room, first));
      assertThat(texts(newer.get("messages"))).containsExactly("m8", "m9", "m10");
      assertThat(newer.get("hasOlder").asBoolean()).isTrue();
      assertThat(newer.get("hasNewer").asBoolean()).isFalse();
      assertThat(node.refused(bob, "history", "{'room':'" + room + "','before':1,'after':1}")
              .code())
          .isEqualTo("bad-request");
    }

    @Test
    void of_a_topic_holds_every_event() {
      String room = room();
      say(ann, room, "hello");
      TopicAnswer.Granted page =
          (TopicAnswer.Granted) node.history(bob, "room:" + room, null, null, 2);
      assertThat(page.publications())
          .extracting(Publication::event)
          .containsExactly("joined", "message");
      assertThat(page.more()).isTrue();
      assertThat(node.history(bob, "inbox:u_ann", null, null, 2))
          .isInstanceOf(TopicAnswer.Denied.class);
      TopicAnswer.Granted inbox =
          (TopicAnswer.Granted) node.history(ann, "inbox:u_ann", 0L, null, 1);
      assertThat(inbox.publications()).extracting(Publication::event).containsExactly("room");
    }
  }

  @Nested
  class A_subscription {
    @Test
    void begins_with_what_the_room_is_and_its_newest_messages() {
      String room = room();
      say(ann, room, "hello");
      TopicAnswer.Granted answer = node.granted(bob, "room:" + room, null);
      assertThat(answer.recovered()).isFalse();
      assertThat(answer.position().offset()).isEqualTo(3);
      JsonNode snapshot = ChatNode.json(answer.snapshot().orElseThrow());
      assertThat(snapshot.get("room").get("members").asInt()).isEqualTo(2);
      assertThat(snapshot.get("room").get("role").asText()).isEqualTo("member");
      assertThat(texts(snapshot.get("messages"))).containsExactly("hello");
    }

    @Test
    void goes_on_where_it_stood() {
      String room = room();
      StreamPosition since = node.granted(bob, "room:" + room, null).position();
      say(ann, room, "one");
      say(ann, room, "two");
      TopicAnswer.Granted answer = node.granted(bob, "room:" + room, since);
      assertThat(answer.recovered()).isTrue();
      assertThat(answer.publications()).extracting(Publication::offset).containsExactly(3L, 4L);
      assertThat(answer.publications()).extracting(Publication::previous).containsExactly(2L, 3L);
      assertThat(answer.publications().get(0).command()).isPresent();
      TopicAnswer.Granted part = (TopicAnswer.Granted) node.catchUp("room:" + room, since, 1);
      assertThat(part.more()).isTrue();
      assertThat(part.publications()).hasSize(1);
    }

    @Test
    void starts_anew_from_another_epoch_or_a_position_ahead() {
      String room = room();
      StreamPosition here = node.granted(bob, "room:" + room, null).position();
      for (StreamPosition since : List.of(
          new StreamPosition("another", 1), new StreamPosition(here.epoch(), here.offset() + 1))) {
        TopicAnswer.Granted answer = node.granted(bob, "room:" + room, since);
        assertThat(answer.recovered()).isFalse();
        assertThat(answer.snapshot()).isPresent();
        assertThat(answer.publications()).isEmpty();
        assertThat(((TopicAnswer.Granted) node.catchUp("room:" + room, since, 10)).recovered())
            .isFalse();
      }
    }

    @Test
    void to_what_is_no_room_is_denied_like_what_is_forbidden() {
      String hidden = name("hidden");
      node.done(ann, "createRoom", "{'room':'" + hidden + "','options':{'visibility':'private'}}");
      TopicAnswer forbidden = node.subscribe(bob, "room:" + hidden, null);
      for (String topic : List.of(
          "room:" + name("none"),
          "room: lead",
          "room:\ud800",
          "room:a\ud800b",
          "room:" + "x".repeat(65),
          "room",
          "inbox",
          "inbox:u_ann",
          "inbox:\udc00",
          "other:x")) {
        assertThat(node.subscribe(bob, topic, null)).as(topic).isEqualTo(forbidden);
        assertThat(node.authorise(bob, topic)).as(topic).isEqualTo(forbidden);
        assertThat(node.history(bob, topic, null, null, 10)).as(topic).isEqualTo(forbidden);
      }
      assertThat(node.catchUp("room:\ud800", new StreamPosition("e", 1), 10)).isEqualTo(forbidden);
      assertThat(node.catchUp("inbox:\ud800", new StreamPosition("e", 1), 10)).isEqualTo(forbidden);
    }

    @Test
    void is_decided_for_the_topics_that_a_room_guards() {
      String room = room();
      TopicAnswer.Granted answer = (TopicAnswer.Granted) node.authorise(bob, "room:" + room);
      assertThat(answer.snapshot()).isEmpty();
      assertThat(answer.publications()).isEmpty();
      assertThat(answer.position().offset()).isEqualTo(2);
      node.done(ann, "banUser", "{'room':'" + room + "','user':'bob'}");
      assertThat(node.authorise(bob, "room:" + room)).isInstanceOf(TopicAnswer.Denied.class);
    }

    @Test
    void brings_a_cut_that_was_lost_with_what_came_after() {
      String room = room();
      StreamPosition since =
          position(node.done(bob, "joinRoom", "{'room':'" + room + "'}").get("position"));
      node.done(ann, "kickUser", "{'room':'" + room + "','user':'bob'}");
      TopicAnswer.Granted answer = (TopicAnswer.Granted) node.catchUp("room:" + room, since, 10);
      assertThat(answer.publications().get(0).revokes().orElseThrow().user()).isEqualTo("u_bob");
    }
  }

  @Nested
  class Typing {
    @Test
    void is_told_the_others_at_most_once_a_second_and_its_last_word_always() {
      String room = room();
      String on = "{'room':'" + room + "','isTyping':true}";
      node.done(ann, "setTyping", on);
      node.done(ann, "setTyping", on);
      node.done(ann, "setTyping", on.replace("true", "false"));
      await().atMost(5, TimeUnit.SECONDS).until(() -> typing(room).size() == 2);
      assertThat(typing(room))
          .extracting(p -> ChatNode.json(p.data()).get("isTyping").asBoolean())
          .containsExactly(true, false);
      assertThat(typing(room)).allMatch(p -> p.position().isEmpty());
      assertThat(typing(room)).allMatch(p -> p.except().orElseThrow().equals("c_ann"));
    }

    private List<Publication> typing(String room) {
      return node.heardOf("room:" + room).stream()
          .filter(p -> p.event().equals("typing"))
          .toList();
    }
  }
}
