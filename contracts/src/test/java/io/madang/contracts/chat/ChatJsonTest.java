package io.madang.contracts.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ChatJsonTest {
  private static final RoomId DEV = new RoomId("dev");
  private static final Person ANN = new Person("u_ann", "ann", false, false);
  private static final Instant NOON = Instant.parse("2026-05-01T12:00:00.120Z");

  private static ChatCommand decode(String name, String arguments) {
    return ChatJson.decode(name, arguments.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8).replace('"', '\'');
  }

  @Nested
  class A_command {
    @Test
    void is_read_with_all_its_arguments() {
      assertThat(decode(
              "createRoom",
              "{'room':'dev','options':{'title':'Dev','visibility':'private','password':'x'}}"))
          .isEqualTo(new ChatCommand.CreateRoom(
              DEV, Optional.of("Dev"), Visibility.PRIVATE, Optional.of(new RoomPassword("x"))));
      assertThat(decode("history", "{'room':'dev','before':7,'take':3}"))
          .isEqualTo(new ChatCommand.History(DEV, OptionalLong.of(7), OptionalLong.empty(), 3));
      assertThat(decode("banUser", "{'room':'dev','user':'bob','durationMs':5,'reason':'r'}"))
          .isEqualTo(new ChatCommand.BanUser(
              DEV, "bob", Optional.of(Duration.ofMillis(5)), Optional.of("r")));
      assertThat(decode("react", "{'room':'dev','offset':3,'emoji':'x'}"))
          .isEqualTo(new ChatCommand.React(DEV, 3, "x", true));
    }

    @Test
    void has_defaults_for_what_is_missing() {
      assertThat(decode("createRoom", "{'room':'dev'}"))
          .isEqualTo(new ChatCommand.CreateRoom(
              DEV, Optional.empty(), Visibility.PUBLIC, Optional.empty()));
      assertThat(decode("setTyping", "{'isTyping':true}"))
          .isEqualTo(new ChatCommand.SetTyping(RoomId.LOBBY, true));
      assertThat(decode("recentMessages", "{'room':'dev'}"))
          .isEqualTo(new ChatCommand.RecentMessages(DEV, 50));
    }

    @Test
    void that_makes_no_sense_is_told_in_a_sentence() {
      assertThatThrownBy(() -> decode("createRoom", "{'room':'dev','options':{'title':1}}"))
          .hasMessage("the option 'title' must be a text");
      assertThatThrownBy(() -> decode("setRole", "{'room':'dev','user':'a','role':'king'}"))
          .hasMessage("the argument 'role' is owner, moderator or member");
      assertThatThrownBy(() -> decode("nothing", "{}")).hasMessage("there is no command nothing");
    }
  }

  @Nested
  class A_reply {
    @Test
    void says_what_the_contract_says() {
      assertThat(text(ChatJson.encode(new ChatReply.Sent("e-3", DEV, 3, NOON))))
          .isEqualTo(
              "{'messageId':'e-3','room':'dev','offset':3,'time':'2026-05-01T12:00:00.120Z'}");
      assertThat(text(ChatJson.encode(new ChatReply.Recent(DEV, List.of(message())))))
          .isEqualTo(
              "[{'id':'e-3','room':'dev','offset':3,'fromUser':'ann','content':'hi','utc':'2026-05-01T12:00:00.120Z'}]");
      Room room =
          new Room(DEV, "Dev", Visibility.PUBLIC, false, true, 2, Optional.of(RoomRole.OWNER));
      assertThat(text(ChatJson.encode(new ChatReply.Entered(room, new Position("e.s", 1), true))))
          .isEqualTo(
              "{'room':'dev','title':'Dev','visibility':'public','hasPassword':false,'temporary':true,'members':2,"
                  + "'member':true,'role':'owner','position':{'epoch':'e.s','offset':1},'created':true}");
    }

    private Message message() {
      return new Message(
          "e-3",
          3,
          NOON,
          ANN,
          "hi",
          List.of(),
          Optional.empty(),
          false,
          Optional.empty(),
          List.of());
    }
  }

  @Nested
  class An_event {
    @Test
    void says_no_more_than_there_is() {
      assertThat(text(ChatJson.encode(
              new ChatEvent.Said("e-3", ANN, "hi", List.of(), Optional.empty(), false, false))))
          .isEqualTo("{'id':'e-3','user':{'id':'u_ann','name':'ann'},'text':'hi'}");
      assertThat(text(ChatJson.encode(new ChatEvent.Said(
              "e-3",
              new Person("g", "ann", true, true),
              "",
              List.of("u"),
              Optional.of(NOON),
              true,
              false))))
          .isEqualTo(
              "{'id':'e-3','user':{'id':'g','name':'ann','guest':true,'unverified':true},'text':'',"
                  + "'mentions':['u'],'edited':'2026-05-01T12:00:00.120Z','deleted':true}");
      assertThat(text(ChatJson.encode(new ChatEvent.Unread(DEV, 3, true, 17))))
          .isEqualTo("{'room':'dev','unread':3,'mention':true,'read':17}");
    }
  }
}
