package io.madang.chat;

import static io.madang.chat.ChatNode.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandCall;
import io.madang.testkit.TestDatabase;
import io.madang.testkit.TestStores;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OutboxTest extends ChatTest {

  private Caller person(String prefix) {
    Caller caller = user(name(prefix));
    node.granted(caller, "inbox:" + caller.user(), null);
    return caller;
  }

  private List<CommandCall> askedFor(ChatNode at, Caller caller) {
    return at.asked.stream()
        .filter(
            call -> ChatNode.json(call.arguments()).get("userId").asText().equals(caller.user()))
        .toList();
  }

  private CommandCall asked(ChatNode at, Caller caller) {
    await().atMost(5, TimeUnit.SECONDS).until(() -> !askedFor(at, caller).isEmpty());
    return askedFor(at, caller).get(0);
  }

  private void outboxIsEmpty() {
    await()
        .atMost(5, TimeUnit.SECONDS)
        .until(() -> database.rows("select count(*) from chat.outbox").equals(List.of("0")));
  }

  @Nested
  class A_mention {
    @Test
    void by_name_makes_one_notification_of_who_may_read_it() {
      Caller ann = person("ann");
      Caller bob = person("bob");
      JsonNode sent = node.done(
          ann,
          "sendMessage",
          "{'text':'ask @%s or @%s, not me@%s'}".formatted(bob.name(), bob.user(), ann.name()));
      CommandCall call = asked(node, bob);
      JsonNode arguments = ChatNode.json(call.arguments());
      assertThat(call.name()).isEqualTo("send");
      assertThat(call.caller().user()).isEqualTo("service:chat");
      assertThat(arguments.get("type").asText()).isEqualTo("mention");
      assertThat(arguments.get("title").asText()).isEqualTo(ann.name() + " mentioned you in Lobby");
      assertThat(arguments.get("data").get("room").asText()).isEqualTo("lobby");
      assertThat(arguments.get("data").get("messageId")).isEqualTo(sent.get("messageId"));
      outboxIsEmpty();
      assertThat(askedFor(node, bob)).hasSize(1);
      assertThat(ChatNode.json(node.lastOf("room:lobby").data()).get("mentions").toString())
          .isEqualTo("[\"" + bob.user() + "\"]");
    }

    @Test
    void of_somebody_outside_a_private_room_tells_nobody() {
      Caller ann = person("ann");
      Caller bob = person("bob");
      String room = name("private");
      node.done(ann, "createRoom", "{'room':'" + room + "','options':{'visibility':'private'}}");
      node.done(ann, "sendToRoom", "{'room':'" + room + "','text':'not for @" + bob.name() + "'}");
      assertThat(ChatNode.json(node.lastOf("room:" + room).data()).has("mentions"))
          .isFalse();
      outboxIsEmpty();
      assertThat(askedFor(node, bob)).isEmpty();
    }

    @Test
    void that_an_edit_adds_is_told_and_one_that_stays_is_not_told_again() {
      Caller ann = person("ann");
      Caller bob = person("bob");
      Caller cid = person("cid");
      String id = node.done(ann, "sendMessage", "{'text':'hello @" + bob.name() + "'}")
          .get("messageId")
          .asText();
      asked(node, bob);
      node.done(
          ann,
          "editMessage",
          "{'room':'lobby','messageId':'%s','text':'hello @%s @%s'}"
              .formatted(id, bob.name(), cid.name()));
      asked(node, cid);
      outboxIsEmpty();
      assertThat(askedFor(node, bob)).hasSize(1);
    }
  }

  @Nested
  class A_direct_message {
    @Test
    void makes_a_notification_of_its_reader() {
      Caller ann = person("ann");
      Caller bob = person("bob");
      node.done(ann, "sendDirect", "{'toUser':'" + bob.user() + "','text':'psst'}");
      JsonNode arguments = ChatNode.json(asked(node, bob).arguments());
      assertThat(arguments.get("type").asText()).isEqualTo("direct");
      assertThat(arguments.get("message").asText()).isEqualTo("psst");
      assertThat(askedFor(node, ann)).isEmpty();
    }
  }

  @Nested
  class A_row_that_nobody_answers {
    @Test
    void waits_and_is_brought_after_a_restart() throws SQLException {
      TestDatabase own = TestStores.createDatabase();
      ChatConfig config = config().withPostgres(own.url());
      Caller ann = user("ann");
      Caller bob = user("bob");
      ChatNode before = ChatNode.start(vertx, "chat-2", config);
      before.others = () -> Future.failedFuture("nobody answers");
      before.granted(bob, "inbox:u_bob", null);
      before.done(ann, "sendDirect", "{'toUser':'bob','text':'psst'}");
      CommandCall tried = asked(before, bob);
      before.stop();
      assertThat(
              own.rows("select attempts > 0, dead_at, last_error like '%nobody%' from chat.outbox"))
          .containsExactly("t|null|t");

      ChatNode after = ChatNode.start(vertx, "chat-2", config);

      assertThat(asked(after, bob)).isEqualTo(tried);
      await()
          .atMost(5, TimeUnit.SECONDS)
          .until(() -> own.rows("select count(*) from chat.outbox").equals(List.of("0")));
      after.stop();
    }
  }
}
