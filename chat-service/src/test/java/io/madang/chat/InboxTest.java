package io.madang.chat;

import static io.madang.chat.ChatNode.newId;
import static io.madang.chat.ChatNode.refusal;
import static io.madang.chat.ChatNode.result;
import static io.madang.chat.ChatNode.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.madang.runtime.command.Caller;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.topic.EventClass;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class InboxTest extends ChatTest {

  /** Somebody new, known to the service by name. */
  private Caller person(String prefix) {
    Caller caller = user(name(prefix));
    node.granted(caller, inbox(caller), null);
    return caller;
  }

  private static String inbox(Caller caller) {
    return "inbox:" + caller.user();
  }

  private void listen(Caller caller) {
    node.wanted.add(Topic.parse(inbox(caller)));
  }

  private String roomOf(Caller... members) {
    String room = name("room");
    for (Caller member : members) {
      node.done(member, "joinRoom", "{'room':'" + room + "'}");
    }
    return room;
  }

  private JsonNode say(Caller caller, String room, String text) {
    return node.done(caller, "sendToRoom", "{'room':'" + room + "','text':'" + text + "'}");
  }

  private JsonNode snapshot(Caller caller) {
    return ChatNode.json(node.granted(caller, inbox(caller), null).snapshot().orElseThrow());
  }

  private JsonNode placeOf(Caller caller, String room) {
    for (JsonNode place : snapshot(caller).get("rooms")) {
      if (place.get("room").asText().equals(room)) {
        return place;
      }
    }
    throw new AssertionError(room + " is not in the inbox");
  }

  private List<Publication> unread(Caller caller) {
    return node.heardOf(inbox(caller)).stream()
        .filter(p -> p.event().equals("unread"))
        .toList();
  }

  @Nested
  class A_direct_message {
    @Test
    void is_in_both_inboxes_under_one_id() {
      Caller ann = person("ann");
      Caller bob = person("bob");
      JsonNode sent = node.done(ann, "sendDirect", "{'toUser':'" + bob.name() + "','text':'psst'}");
      assertThat(sent.get("toUser").get("id").asText()).isEqualTo(bob.user());
      Publication mine = node.lastOf(inbox(ann));
      Publication his = node.lastOf(inbox(bob));
      JsonNode told = ChatNode.json(his.data());
      assertThat(((ObjectNode) told).remove("heard").asText()).isEqualTo("direct");
      assertThat(ChatNode.json(mine.data())).isEqualTo(told);
      assertThat(ChatNode.json(his.data()).get("id")).isEqualTo(sent.get("messageId"));
      assertThat(his.event()).isEqualTo("direct");
      assertThat(his.eventClass()).isEqualTo(EventClass.LOG);
      JsonNode kept = snapshot(bob).get("directs").get(0);
      assertThat(kept.get("text").asText()).isEqualTo("psst");
      assertThat(kept.get("user").get("name").asText()).isEqualTo(ann.name());
    }

    @Test
    void finds_its_reader_by_id_and_by_name_in_any_case() {
      Caller ann = person("ann");
      Caller bob = person("Bob");
      for (String name :
          List.of(bob.user(), bob.name(), bob.name().toUpperCase(java.util.Locale.ROOT))) {
        node.done(ann, "sendDirect", "{'toUser':'" + name + "','text':'psst'}");
      }
      assertThat(snapshot(bob).get("directs")).hasSize(3);
      assertThat(
              node.refused(ann, "sendDirect", "{'toUser':'nobody','text':'x'}").code())
          .isEqualTo("unknown-user");
    }

    @Test
    void to_oneself_is_a_note_in_one_inbox() {
      Caller ann = person("ann");
      node.done(ann, "sendDirect", "{'toUser':'" + ann.user() + "','text':'remember'}");
      assertThat(snapshot(ann).get("directs")).hasSize(1);
    }

    @Test
    void is_kept_once_however_often_it_comes() {
      Caller ann = person("ann");
      Caller bob = person("bob");
      String id = newId();
      String send = "{'toUser':'" + bob.name() + "','text':'once'}";
      JsonNode first = result(node.command(ann, id, "sendDirect", send));
      assertThat(result(node.command(ann, id, "sendDirect", send))).isEqualTo(first);
      assertThat(snapshot(bob).get("directs")).hasSize(1);
      assertThat(node.heardOf(inbox(bob))).hasSize(2).allMatch(p -> p.offset() == 1);
      assertThat(refusal(node.command(ann, id, "sendDirect", send.replace("once", "twice")))
              .code())
          .isEqualTo("conflict");
    }
  }

  @Nested
  class An_unread_count {
    @Test
    void counts_messages_only_and_not_ones_own() {
      Caller ann = person("ann");
      Caller bob = person("bob");
      String room = roomOf(ann, bob);
      long offset = say(ann, room, "one").get("offset").asLong();
      say(ann, room, "two");
      node.done(ann, "react", "{'room':'%s','offset':%d,'emoji':'x'}".formatted(room, offset));
      node.done(person("cid"), "joinRoom", "{'room':'" + room + "'}");
      assertThat(placeOf(bob, room).get("unread").asLong()).isEqualTo(2);
      assertThat(placeOf(ann, room).get("unread").asLong()).isZero();
    }

    @Test
    void ends_with_the_read_marker_which_never_moves_back() {
      Caller ann = person("ann");
      Caller bob = person("bob");
      String room = roomOf(ann, bob);
      long first = say(ann, room, "one").get("offset").asLong();
      say(ann, room, "two");
      say(ann, room, "three");
      assertThat(markRead(bob, room, first).get("unread").asLong()).isEqualTo(2);
      assertThat(markRead(bob, room, 1_000_000).get("unread").asLong()).isZero();
      JsonNode back = markRead(bob, room, first);
      assertThat(back.get("unread").asLong()).isZero();
      assertThat(back.get("offset").asLong()).isEqualTo(5);
      assertThat(placeOf(bob, room).get("unread").asLong()).isZero();
    }

    @Test
    void says_whether_a_mention_is_among_them() {
      Caller ann = person("ann");
      Caller bob = person("bob");
      String room = roomOf(ann, bob);
      long offset = say(ann, room, "@" + bob.name() + ": look").get("offset").asLong();
      assertThat(placeOf(bob, room).get("mention").asBoolean()).isTrue();
      markRead(bob, room, offset);
      assertThat(placeOf(bob, room).has("mention")).isFalse();
    }

    @Test
    void is_told_live_to_those_who_listen_alone() {
      Caller ann = person("ann");
      Caller bob = person("bob");
      Caller cid = person("cid");
      String room = roomOf(ann, bob, cid);
      listen(bob);
      for (int i = 0; i < 20; i++) {
        say(ann, room, "text " + i);
      }
      await().atMost(5, TimeUnit.SECONDS).until(() -> lastUnread(bob) == 20);
      assertThat(unread(bob)).hasSizeLessThan(20);
      assertThat(unread(bob)).allMatch(p -> p.eventClass() == EventClass.STATE);
      assertThat(unread(bob)).allMatch(p -> p.key().equals(Optional.of(room)));
      assertThat(unread(cid)).isEmpty();
      assertThat(unread(ann)).isEmpty();
      markRead(bob, room, 1_000);
      await().atMost(5, TimeUnit.SECONDS).until(() -> lastUnread(bob) == 0);
    }

    @Test
    void that_was_missed_comes_with_a_catch_up_and_a_resume() {
      Caller ann = person("ann");
      Caller bob = person("bob");
      String room = roomOf(ann, bob);
      listen(bob);
      StreamPosition since = node.granted(bob, inbox(bob), null).position();
      say(ann, room, "one");
      await().atMost(5, TimeUnit.SECONDS).until(() -> !unread(bob).isEmpty());
      node.done(ann, "sendDirect", "{'toUser':'" + bob.user() + "','text':'psst'}");

      TopicAnswer.Granted caughtUp = (TopicAnswer.Granted) node.catchUp(inbox(bob), since, 10);
      TopicAnswer.Granted resumed = node.granted(bob, inbox(bob), since);

      assertThat(caughtUp.recovered()).isTrue();
      assertThat(caughtUp.publications())
          .extracting(Publication::event)
          .containsExactly("unread", "direct");
      assertThat(caughtUp.publications().get(0).previous()).isEqualTo(since.offset());
      assertThat(resumed.recovered()).isTrue();
      assertThat(resumed.publications())
          .extracting(Publication::event)
          .containsExactly("unread", "direct");
      assertThat(resumed.snapshot()).as("nothing more to tell").isEmpty();
    }

    @Test
    void that_changed_while_nobody_listened_is_told_to_who_reads_next() {
      Caller ann = person("ann");
      Caller bob = person("bob");
      String room = roomOf(ann, bob);
      StreamPosition since = node.granted(bob, inbox(bob), null).position();
      say(ann, room, "one");

      for (TopicAnswer answer :
          List.of(node.catchUp(inbox(bob), since, 10), node.granted(bob, inbox(bob), since))) {
        TopicAnswer.Granted granted = (TopicAnswer.Granted) answer;
        assertThat(granted.position().offset()).isEqualTo(since.offset() + 1);
        assertThat(granted.publications())
            .extracting(publication -> ChatNode.json(publication.data()).toString())
            .containsExactly("{\"room\":\"%s\",\"unread\":1,\"read\":2}".formatted(room));
      }
      assertThat(unread(bob)).as("told once").hasSize(1);
    }

    @Test
    void is_told_when_a_message_or_mention_is_taken_back() {
      Caller ann = person("ann");
      Caller bob = person("bob");
      String room = roomOf(ann, bob);
      listen(bob);
      for (String change : List.of("editMessage", "deleteMessage")) {
        JsonNode sent = say(ann, room, "@" + bob.name() + ": look");
        await().atMost(5, TimeUnit.SECONDS).until(() -> isMentioned(bob));
        String text = change.equals("editMessage") ? ",'text':'nothing'" : "";
        node.done(
            ann,
            change,
            "{'room':'%s','messageId':%s%s}".formatted(room, sent.get("messageId"), text));
        await().atMost(5, TimeUnit.SECONDS).until(() -> !isMentioned(bob));
      }
    }

    private boolean isMentioned(Caller caller) {
      List<Publication> told = unread(caller);
      return !told.isEmpty()
          && ChatNode.json(told.get(told.size() - 1).data()).path("mention").asBoolean();
    }

    private JsonNode markRead(Caller caller, String room, long offset) {
      return node.done(caller, "markRead", "{'room':'%s','offset':%d}".formatted(room, offset));
    }

    private long lastUnread(Caller caller) {
      List<Publication> told = unread(caller);
      return told.isEmpty()
          ? -1
          : ChatNode.json(told.get(told.size() - 1).data()).get("unread").asLong();
    }
  }

  @Nested
  class An_inbox {
    @Test
    void is_heard_by_its_owner_alone() {
      Caller ann = person("ann");
      assertThat(node.mayHear(person("bob"), inbox(ann))).isFalse();
    }

    @Test
    void always_shows_the_lobby() {
      assertThat(placeOf(person("ann"), "lobby").get("unread").asLong()).isZero();
    }

    @Test
    void tells_of_rooms_joined_and_left() {
      Caller ann = person("ann");
      String room = roomOf(ann);
      node.done(ann, "leaveRoom", "{'room':'" + room + "'}");
      assertThat(node.heardOf(inbox(ann)))
          .extracting(p -> ChatNode.json(p.data()).get("change").asText())
          .containsExactly("joined", "left");
      assertThat(node.heardOf(inbox(ann)))
          .extracting(p -> ChatNode.json(p.data()).get("member").asBoolean())
          .containsExactly(true, false);
    }
  }
}
