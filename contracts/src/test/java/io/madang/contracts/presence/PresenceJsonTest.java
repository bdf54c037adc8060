package io.madang.contracts.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PresenceJsonTest {
  private static final Person ANN = new Person("u1", "Ann", true);
  private static final String ANN_JSON = "\"id\":\"u1\",\"name\":\"Ann\",\"guest\":true";

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }

  @Nested
  class A_command {
    private PresenceCommand decode(String name, String arguments) {
      return PresenceJson.decode(name, arguments.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void is_read_by_its_name() {
      assertThat(decode("onlineUsers", "{}")).isEqualTo(new PresenceCommand.OnlineUsers());
      assertThat(decode("userConnections", "{}"))
          .isEqualTo(new PresenceCommand.UserConnections(Optional.empty()));
      assertThat(decode("userConnections", "{\"userId\":\"u2\"}"))
          .isEqualTo(new PresenceCommand.UserConnections(Optional.of("u2")));
      assertThat(decode("setStatus", "{\"status\":\"dnd\",\"text\":\"x\"}"))
          .isEqualTo(new PresenceCommand.SetStatus(Status.DND, "x"));
    }

    @Test
    void that_is_none_is_refused_in_words() {
      assertThatThrownBy(() -> decode("roomUsers", "{}"))
          .hasMessage("there is no command roomUsers");
      assertThatThrownBy(() -> decode("setStatus", "{\"status\":\"away\"}"))
          .hasMessage("the argument 'status' must be one of online, idle, dnd, invisible");
    }
  }

  @Test
  void an_event_says_all_of_its_user() {
    Present present = new Present(ANN, Status.IDLE, "");
    assertThat(text(PresenceJson.encode(new PresenceEvent.Arrived(present))))
        .isEqualTo("{\"user\":{" + ANN_JSON + ",\"status\":\"idle\"}}");
    assertThat(text(PresenceJson.encode(
            new PresenceEvent.StatusChanged(new Present(ANN, Status.DND, "busy")))))
        .isEqualTo("{\"user\":{" + ANN_JSON + ",\"status\":\"dnd\",\"text\":\"busy\"}}");
    for (PresenceEvent event : List.of(
        new PresenceEvent.Departed(ANN),
        new PresenceEvent.Online(ANN),
        new PresenceEvent.Offline(ANN))) {
      assertThat(text(PresenceJson.encode(event))).isEqualTo("{\"user\":{" + ANN_JSON + "}}");
    }
  }

  @Test
  void nobody_sees_who_is_invisible() {
    assertThatThrownBy(() -> new Present(ANN, Status.INVISIBLE, ""))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_snapshot_says_who_and_how_many() {
    assertThat(text(PresenceJson.encode(
            new PresenceSnapshot.Room(List.of(new Present(ANN, Status.ONLINE, "")), 7))))
        .isEqualTo("{\"users\":[{" + ANN_JSON + ",\"status\":\"online\"}],\"count\":7}");
    assertThat(text(PresenceJson.encode(new PresenceSnapshot.Online(List.of(ANN), 9))))
        .isEqualTo("{\"users\":[{" + ANN_JSON + "}],\"count\":9}");
  }

  @Test
  void a_reply_is_a_list_or_what_holds_now() {
    assertThat(text(PresenceJson.encode(new PresenceReply.OnlineUsers(List.of("a", "b")))))
        .isEqualTo("[\"a\",\"b\"]");
    PresenceReply.Connection connection =
        new PresenceReply.Connection("c1", "east.a1", Instant.ofEpochMilli(1_700_000_000_000L));
    assertThat(text(PresenceJson.encode(new PresenceReply.Connections(List.of(connection)))))
        .isEqualTo(
            "[{\"connection\":\"c1\",\"node\":\"east.a1\",\"since\":\"2023-11-14T22:13:20.000Z\"}]");
    assertThat(text(PresenceJson.encode(new PresenceReply.StatusSet(Status.IDLE, ""))))
        .isEqualTo("{\"status\":\"idle\",\"text\":\"\"}");
  }
}
