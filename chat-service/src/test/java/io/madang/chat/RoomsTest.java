package io.madang.chat;

import static io.madang.chat.ChatNode.guest;
import static io.madang.chat.ChatNode.newId;
import static io.madang.chat.ChatNode.refusal;
import static io.madang.chat.ChatNode.result;
import static io.madang.chat.ChatNode.user;
import static io.madang.chat.ChatNode.withRole;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.Revocation;
import io.madang.runtime.topic.Topic;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RoomsTest extends ChatTest {
  private final Caller ann = user("ann");
  private final Caller bob = user("bob");
  private final Caller cid = user("cid");

  private static String in(String room) {
    return "{'room':'" + room + "'}";
  }

  @Nested
  class The_lobby {
    @Test
    void is_there_and_open_to_everyone_without_joining() {
      Caller mina = guest("mina");
      assertThat(node.done(mina, "sendMessage", "{'text':'hello'}").get("room").asText())
          .isEqualTo("lobby");
      assertThat(node.mayHear(cid, "room:lobby")).isTrue();
      assertThat(node.done(cid, "recentMessages", "{'room':'lobby','take':1}")
              .get(0)
              .get("fromUser")
              .asText())
          .isEqualTo("mina");
    }

    @Test
    void cannot_be_made_again() {
      assertThat(node.refused(ann, "createRoom", in("lobby")).code()).isEqualTo("room-exists");
    }

    @Test
    void shows_a_guest_under_the_name_given_and_says_that_nobody_vouches_for_it() {
      node.done(guest("gast"), "sendMessage", "{'user':'Alice','text':'it is me'}");
      JsonNode said = ChatNode.json(node.lastOf("room:lobby").data());
      assertThat(said.toString())
          .contains(
              "\"user\":{\"id\":\"g_gast\",\"name\":\"Alice\",\"guest\":true,\"unverified\":true}");
    }

    @Test
    void hears_a_message_under_either_name_of_the_command() {
      node.done(guest("gast"), "receiveMessage", "{'user':'Alice','message':'by HTTP'}");

      assertThat(ChatNode.json(node.lastOf("room:lobby").data()).path("text").asText())
          .isEqualTo("by HTTP");
      assertThat(node.refused(ann, "receiveMessage", "{'user':'bob','message':'hi'}")
              .code())
          .isEqualTo("name-not-yours");
    }

    @Test
    void refuses_an_account_a_name_that_is_not_its_own() {
      assertThat(node.refused(ann, "sendMessage", "{'user':'bob','text':'hi'}").code())
          .isEqualTo("name-not-yours");
      node.done(ann, "sendMessage", "{'user':'ann','text':'hi'}");
      assertThat(ChatNode.json(node.lastOf("room:lobby").data()).path("user").has("unverified"))
          .isFalse();
    }
  }

  @Nested
  class A_room_that_is_made {
    @Test
    void has_its_maker_as_owner_and_says_where_it_stands() {
      String room = name("made");
      JsonNode made = node.done(
          ann, "createRoom", "{'room':'%s','options':{'title':'The room'}}".formatted(room));
      assertThat(made.get("title").asText()).isEqualTo("The room");
      assertThat(made.get("role").asText()).isEqualTo("owner");
      assertThat(made.get("position").get("offset").asLong()).isEqualTo(1);
      assertThat(node.eventsOf("room:" + room)).containsExactly("joined");
      assertThat(node.eventsOf("inbox:u_ann")).contains("room");
    }

    @Test
    void is_made_once_by_one_command_and_refused_to_another() {
      String room = name("made");
      String id = newId();
      CommandOutcome first = node.command(ann, id, "createRoom", in(room));
      CommandOutcome second = node.command(ann, id, "createRoom", in(room));
      assertThat(result(second)).isEqualTo(result(first));
      assertThat(refusal(node.command(ann, id, "createRoom", in(room + "x"))).code())
          .isEqualTo("conflict");
      assertThat(node.refused(bob, "createRoom", in(room)).code()).isEqualTo("room-exists");
    }

    @Test
    void stays_when_everyone_has_left() {
      String room = name("made");
      node.done(ann, "createRoom", in(room));
      node.done(ann, "leaveRoom", in(room));
      assertThat(node.mayHear(bob, "room:" + room)).isTrue();
    }

    @Test
    void with_options_that_make_no_sense_is_refused() {
      for (String options : List.of(
          "{'visibility':'secret'}",
          "{'title':7}",
          "{'title':' '}",
          "{'colour':'red'}",
          "{'title':'" + "x".repeat(101) + "'}")) {
        assertThat(node.refused(ann, "createRoom", "{'room':'r','options':" + options + "}")
                .code())
            .as(options)
            .isEqualTo("bad-request");
      }
    }

    @Test
    void with_a_name_that_cannot_be_one_is_refused() {
      for (String room :
          List.of(" a", "a\\u3000", "a\\u0007b", "\\u1112\\u1161\\u11ab", "x".repeat(65))) {
        assertThat(node.refused(ann, "createRoom", in(room)).code())
            .as(room)
            .isEqualTo("bad-request");
      }
    }
  }

  @Nested
  class A_room_that_is_joined_unknown {
    @Test
    void is_made_public_and_temporary() {
      String room = name("temp");
      JsonNode entered = node.done(ann, "joinRoom", in(room));
      assertThat(entered.get("created").asBoolean()).isTrue();
      assertThat(entered.get("temporary").asBoolean()).isTrue();
      assertThat(entered.get("visibility").asText()).isEqualTo("public");
    }

    @Test
    void goes_with_its_last_member_and_comes_back_with_a_new_epoch() throws SQLException {
      String room = name("temp");
      String first =
          node.done(ann, "joinRoom", in(room)).get("position").get("epoch").asText();
      node.done(bob, "joinRoom", in(room));
      node.done(ann, "sendToRoom", "{'room':'" + room + "','text':'old'}");
      node.done(ann, "leaveRoom", in(room));
      assertThat(node.mayHear(cid, "room:" + room)).isTrue();
      node.done(bob, "leaveRoom", in(room));
      assertThat(node.mayHear(cid, "room:" + room)).isFalse();

      JsonNode again = node.done(ann, "joinRoom", in(room)).get("position");

      assertThat(again.get("epoch").asText()).isNotEqualTo(first);
      assertThat(again.get("offset").asLong()).isEqualTo(1);
      assertThat(node.done(ann, "recentMessages", in(room))).isEmpty();
      assertThat(database.rows("select chat.sweep(now() - interval '1 day', 100)"))
          .isNotEmpty();
      assertThat(database.rows("select count(*) from chat.dead_life")).containsExactly("0");
      assertThat(database.rows("select count(*) from chat.log where text = 'old'"))
          .containsExactly("0");
    }

    @Test
    void knows_a_joining_given_again() {
      String room = name("temp");
      String id = newId();
      CommandOutcome first = node.command(ann, id, "joinRoom", in(room));
      CommandOutcome second = node.command(ann, id, "joinRoom", in(room));
      assertThat(result(second)).isEqualTo(result(first));
      assertThat(node.eventsOf("room:" + room)).containsExactly("joined", "joined");
      assertThat(node.heardOf("room:" + room)).extracting(Publication::offset).containsOnly(1L);
      assertThat(
              node.done(ann, "joinRoom", in(room)).get("position").get("offset").asLong())
          .as("joining twice is no event")
          .isEqualTo(1);
    }

    @Test
    void hands_itself_to_a_member_when_its_owner_leaves() {
      String room = name("temp");
      node.done(ann, "joinRoom", in(room));
      node.done(bob, "joinRoom", in(room));
      node.done(ann, "leaveRoom", in(room));
      assertThat(node.eventsOf("room:" + room)).endsWith("left", "role");
      assertThat(node.done(bob, "listMembers", in(room)).toString())
          .contains("\"name\":\"bob\",\"role\":\"owner\"");
    }
  }

  @Nested
  class Leaving {
    @Test
    void ends_the_right_to_speak_and_cuts_subscriptions() {
      String room = name("left");
      node.done(ann, "joinRoom", in(room));
      node.done(bob, "joinRoom", in(room));
      CommandOutcome outcome = node.command(bob, newId(), "leaveRoom", in(room));
      assertThat(((CommandOutcome.Done) outcome).effects().unsubscribe())
          .containsExactly(Topic.parse("room:" + room));
      assertThat(node.lastOf("room:" + room).revokes())
          .isEqualTo(Optional.of(new Revocation("u_bob", "left")));
      assertThat(node.refused(bob, "sendToRoom", "{'room':'" + room + "','text':'hi'}")
              .code())
          .isEqualTo("not-a-member");
    }

    @Test
    void is_refused_to_who_is_no_member_and_of_what_is_no_room() {
      String room = name("left");
      node.done(ann, "joinRoom", in(room));
      assertThat(node.refused(bob, "leaveRoom", in(room)).code()).isEqualTo("not-a-member");
      assertThat(node.refused(bob, "leaveRoom", in(name("none"))).code()).isEqualTo("not-a-member");
    }
  }

  @Nested
  class A_private_room {
    @Test
    void is_neither_read_nor_joined_nor_listed_without_invitation() {
      String room = name("private");
      node.done(ann, "createRoom", "{'room':'" + room + "','options':{'visibility':'private'}}");
      assertThat(node.mayHear(bob, "room:" + room)).isFalse();
      assertThat(node.refused(bob, "joinRoom", in(room)).code()).isEqualTo("forbidden");
      assertThat(node.refused(bob, "history", in(room)).code()).isEqualTo("forbidden");
      assertThat(node.refused(bob, "listMembers", in(room)).code()).isEqualTo("forbidden");
      assertThat(node.refused(bob, "sendToRoom", "{'room':'" + room + "','text':'x'}")
              .code())
          .isEqualTo("not-a-member");
      assertThat(node.refused(bob, "setTyping", "{'room':'" + room + "','isTyping':true}")
              .code())
          .isEqualTo("not-a-member");
      assertThat(node.refused(bob, "markRead", "{'room':'" + room + "','offset':1}")
              .code())
          .isEqualTo("not-a-member");
      assertThat(node.done(bob, "listRooms", "{'take':200}").toString())
          .doesNotContain("\"" + room + "\"");
      assertThat(node.done(ann, "listRooms", "{'take':200}").toString())
          .contains("\"" + room + "\"");
    }

    @Test
    void is_joined_with_an_invitation_that_the_inbox_tells() {
      String room = name("private");
      node.done(ann, "createRoom", "{'room':'" + room + "','options':{'visibility':'private'}}");
      node.done(bob, "sendMessage", "{'text':'hello, I am bob'}");
      node.done(ann, "inviteUser", "{'room':'" + room + "','user':'BOB'}");
      assertThat(ChatNode.json(node.lastOf("inbox:u_bob").data()).toString())
          .contains("\"room\":\"" + room + "\"", "\"change\":\"invited\"", "\"member\":false");
      node.done(bob, "joinRoom", in(room));
      assertThat(node.mayHear(bob, "room:" + room)).isTrue();
    }
  }

  @Nested
  class A_room_with_a_password {
    private String guarded() {
      String room = name("guarded");
      node.done(ann, "createRoom", "{'room':'" + room + "','options':{'password':'courtyard'}}");
      return room;
    }

    @Test
    void opens_with_it_and_with_nothing_else() {
      String room = guarded();
      assertThat(node.refused(bob, "joinRoom", in(room)).code()).isEqualTo("wrong-password");
      assertThat(node.refused(bob, "joinRoom", "{'room':'" + room + "','password':'Courtyard'}")
              .code())
          .isEqualTo("wrong-password");
      assertThat(node.mayHear(bob, "room:" + room)).isFalse();
      JsonNode entered =
          node.done(bob, "joinRoom", "{'room':'" + room + "','password':'courtyard'}");
      assertThat(entered.get("hasPassword").asBoolean()).isTrue();
      assertThat(node.mayHear(bob, "room:" + room)).isTrue();
    }

    @Test
    void lets_nobody_try_a_list_of_them() {
      String room = guarded();
      Caller eve = user("eve");
      for (int i = 0; i < 10; i++) {
        assertThat(node.refused(eve, "joinRoom", "{'room':'" + room + "','password':'p" + i + "'}")
                .code())
            .isEqualTo("wrong-password");
      }
      assertThat(node.refused(eve, "joinRoom", "{'room':'" + room + "','password':'courtyard'}")
              .code())
          .isEqualTo("too-many-tries");
      node.done(cid, "joinRoom", "{'room':'" + room + "','password':'courtyard'}");
    }

    @Test
    void keeps_no_password_anywhere() throws SQLException {
      guarded();
      assertThat(database.rows("select password from chat.room where password is not null"))
          .allMatch(verifier -> verifier.startsWith("pbkdf2-sha256$"));
      assertThat(database.rows(
              "select count(*) from chat.command where facts::text like '%courtyard%'"))
          .containsExactly("0");
    }

    @Test
    void needs_none_of_who_is_invited() {
      String room = guarded();
      node.done(cid, "sendMessage", "{'text':'hello, I am cid'}");
      node.done(ann, "inviteUser", "{'room':'" + room + "','user':'u_cid'}");
      node.done(cid, "joinRoom", in(room));
    }
  }

  @Nested
  class A_list_of_rooms {
    @Test
    void comes_in_pages() {
      for (int i = 0; i < 5; i++) {
        node.done(ann, "createRoom", in("zz" + i));
      }
      JsonNode first = node.done(ann, "listRooms", "{'after':'zz','take':3}");
      assertThat(first.get("rooms")).hasSize(3);
      assertThat(first.get("more").asBoolean()).isTrue();
      JsonNode rest = node.done(ann, "listRooms", "{'after':'zz2','take':3}");
      assertThat(rest.get("rooms")).hasSize(2);
      assertThat(rest.get("more").asBoolean()).isFalse();
    }
  }

  @Nested
  class A_moderator {
    private String roomOfThree() {
      String room = name("ruled");
      for (Caller caller : List.of(ann, bob, cid)) {
        node.done(caller, "joinRoom", in(room));
      }
      return room;
    }

    private static String about(String room, String user) {
      return "{'room':'" + room + "','user':'" + user + "'}";
    }

    @Test
    void kicks_who_may_come_back() {
      String room = roomOfThree();
      node.done(ann, "kickUser", about(room, "bob"));
      Publication kicked = node.lastOf("room:" + room);
      assertThat(kicked.event()).isEqualTo("kicked");
      assertThat(kicked.revokes()).isEqualTo(Optional.of(new Revocation("u_bob", "kicked")));
      List<Publication> inbox = node.heardOf("inbox:u_bob");
      assertThat(ChatNode.json(inbox.get(inbox.size() - 2).data()).get("change").asText())
          .isEqualTo("kicked");
      assertThat(inbox.get(inbox.size() - 1).event()).isEqualTo("toldToLeave");
      assertThat(node.refused(bob, "sendToRoom", "{'room':'" + room + "','text':'x'}")
              .code())
          .isEqualTo("not-a-member");
      node.done(bob, "joinRoom", in(room));
    }

    @Test
    void bans_who_may_not_come_back_until_it_is_lifted() {
      String room = roomOfThree();
      node.done(ann, "banUser", "{'room':'" + room + "','user':'bob','reason':'spam'}");
      assertThat(ChatNode.json(node.lastOf("room:" + room).data()).get("reason").asText())
          .isEqualTo("spam");
      assertThat(node.mayHear(bob, "room:" + room)).isFalse();
      assertThat(node.refused(bob, "joinRoom", in(room)).code()).isEqualTo("banned");
      node.done(ann, "unbanUser", about(room, "bob"));
      node.done(bob, "joinRoom", in(room));
    }

    @Test
    void bans_for_a_time_and_says_until_when() {
      String room = roomOfThree();
      node.done(ann, "banUser", "{'room':'" + room + "','user':'bob','durationMs':60000}");
      io.madang.runtime.command.Refusal refusal = node.refused(bob, "joinRoom", in(room));
      assertThat(refusal.retryAfterMs())
          .get()
          .satisfies(ms -> assertThat(ms).isBetween(1L, 60_000L));
      assertThat(refusal.details().toString()).contains("until");
    }

    @Test
    void mutes_and_lets_speak_again() {
      String room = roomOfThree();
      node.done(ann, "muteUser", about(room, "bob"));
      String text = "{'room':'" + room + "','text':'x'}";
      assertThat(node.refused(bob, "sendToRoom", text).code()).isEqualTo("muted");
      assertThat(node.mayHear(bob, "room:" + room)).isTrue();
      node.done(ann, "muteUser", "{'room':'" + room + "','user':'bob','durationMs':0}");
      node.done(bob, "sendToRoom", text);
    }

    @Test
    void is_made_and_unmade_by_the_owner_alone() {
      String room = roomOfThree();
      String moderator = "{'room':'" + room + "','user':'bob','role':'moderator'}";
      assertThat(node.refused(cid, "setRole", moderator).code()).isEqualTo("forbidden");
      node.done(ann, "setRole", moderator);
      node.done(bob, "kickUser", about(room, "cid"));
      assertThat(node.refused(bob, "kickUser", about(room, "ann")).code()).isEqualTo("forbidden");
      assertThat(node.refused(bob, "setRole", moderator).code()).isEqualTo("forbidden");
      assertThat(node.refused(ann, "setRole", "{'room':'" + room + "','user':'bob','role':'king'}")
              .code())
          .isEqualTo("bad-request");
    }

    @Test
    void follows_the_owner_when_the_room_is_handed_over() {
      String room = roomOfThree();
      node.done(ann, "setRole", "{'room':'" + room + "','user':'bob','role':'owner'}");
      assertThat(node.done(bob, "listMembers", in(room)).toString())
          .contains(
              "\"name\":\"ann\",\"role\":\"moderator\"", "\"name\":\"bob\",\"role\":\"owner\"");
      assertThat(
              node.refused(bob, "setRole", "{'room':'" + room + "','user':'bob','role':'member'}")
                  .code())
          .isEqualTo("last-owner");
    }

    @Test
    void is_whoever_has_the_claim() {
      String room = roomOfThree();
      Caller admin = withRole("root", "admin");
      assertThat(node.refused(cid, "kickUser", about(room, "bob")).code()).isEqualTo("forbidden");
      node.done(admin, "kickUser", about(room, "bob"));
      node.done(admin, "kickUser", about(room, "ann"));
    }

    @Test
    void leaves_an_audit_row_for_each_act() throws SQLException {
      String room = roomOfThree();
      node.done(ann, "muteUser", about(room, "bob"));
      node.done(ann, "kickUser", "{'room':'" + room + "','user':'bob','reason':'noise'}");
      assertThat(database.rows(
              "select actor, action, target, details->>'reason' from chat.audit where room = '"
                  + room
                  + "' order by id"))
          .containsExactly("u_ann|mute|u_bob|null", "u_ann|kick|u_bob|noise");
    }

    @Test
    void acts_once_however_often_the_command_comes() {
      String room = roomOfThree();
      String id = newId();
      JsonNode first = result(node.command(ann, id, "kickUser", about(room, "bob")));
      node.done(bob, "joinRoom", in(room));
      assertThat(result(node.command(ann, id, "kickUser", about(room, "bob")))).isEqualTo(first);
      node.done(bob, "sendToRoom", "{'room':'" + room + "','text':'still here'}");
    }

    @Test
    void cannot_act_on_nobody() {
      String room = roomOfThree();
      assertThat(node.refused(ann, "kickUser", about(room, "nobody")).code())
          .isEqualTo("unknown-user");
    }
  }
}
