package io.madang.contracts.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class NotificationJsonTest {
  private static final Notification NOTIFICATION =
      new Notification(
          "n1",
          "ada",
          "마당",
          "say \"hi\"",
          "mention",
          Instant.parse("2026-01-02T03:04:05Z"),
          false,
          7,
          Optional.of("{\"room\":\"dev\"}"));

  private static final String NOTIFICATION_JSON =
      "{\"id\":\"n1\",\"userId\":\"ada\",\"title\":\"마당\",\"message\":\"say \\\"hi\\\"\",\"type\":\"mention\","
          + "\"createdAt\":\"2026-01-02T03:04:05.000Z\",\"isRead\":false,\"offset\":7,\"data\":{\"room\":\"dev\"}}";

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }

  @Nested
  class A_command {
    @Test
    void to_send_reads_back_as_it_was_written() {
      NotificationCommand.Send send =
          new NotificationCommand.Send("ada", "t", "m", "mention", Optional.of("{\"x\":[1,2.25]}"));

      assertThat(NotificationJson.decode("send", NotificationJson.encode(send))).isEqualTo(send);
    }

    @Test
    void is_read_by_its_name() {
      assertThat(NotificationJson.decode("sendBulk", bytes("{\"userIds\":[\"a\",\"b\"],\"title\":\"t\",\"message\":\"m\",\"type\":\"x\"}")))
          .isEqualTo(new NotificationCommand.SendBulk(List.of("a", "b"), "t", "m", "x"));
      assertThat(NotificationJson.decode("unread", bytes("{\"take\":5}"))).isEqualTo(new NotificationCommand.Unread(5));
      assertThat(NotificationJson.decode("list", bytes("{\"before\":9,\"take\":5}")))
          .isEqualTo(new NotificationCommand.Page(OptionalLong.of(9), 5));
      assertThat(NotificationJson.decode("markAsRead", bytes("{\"notificationId\":\"n1\"}")))
          .isEqualTo(new NotificationCommand.MarkAsRead("n1"));
      assertThat(NotificationJson.decode("markAllAsRead", bytes("{}")))
          .isEqualTo(new NotificationCommand.MarkAllAsRead(OptionalLong.empty(), Optional.empty()));
      assertThat(NotificationJson.decode("preferences", bytes("{}"))).isEqualTo(new NotificationCommand.Preferences());
      assertThat(NotificationJson.decode("setPreference", bytes("{\"type\":\"x\",\"enabled\":false}")))
          .isEqualTo(new NotificationCommand.SetPreference("x", false));
    }

    @Test
    void of_no_known_name_is_a_bug_of_the_asker() {
      assertThatThrownBy(() -> NotificationJson.decode("dance", bytes("{}")))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Nested
  class A_reply {
    @Test
    void looks_as_clients_know_it() {
      assertThat(text(NotificationJson.encode(new NotificationReply.Sent(Optional.of(NOTIFICATION)))))
          .isEqualTo("{\"muted\":false,\"notification\":" + NOTIFICATION_JSON + "}");
      assertThat(text(NotificationJson.encode(new NotificationReply.Sent(Optional.empty())))).isEqualTo("{\"muted\":true}");
      assertThat(text(NotificationJson.encode(new NotificationReply.SentBulk(3, 1)))).isEqualTo("{\"sent\":3,\"muted\":1}");
      assertThat(text(NotificationJson.encode(new NotificationReply.Listed(4, List.of(NOTIFICATION), true))))
          .isEqualTo("{\"unread\":4,\"notifications\":[" + NOTIFICATION_JSON + "],\"more\":true}");
      assertThat(text(NotificationJson.encode(new NotificationReply.Marked("n1", 2))))
          .isEqualTo("{\"notificationId\":\"n1\",\"unread\":2}");
      assertThat(text(NotificationJson.encode(new NotificationReply.MarkedUpTo(9, 2)))).isEqualTo("{\"upTo\":9,\"unread\":2}");
      assertThat(text(NotificationJson.encode(new NotificationReply.PreferenceList(new TreeMap<>(Map.of("x", true))))))
          .isEqualTo("{\"preferences\":[{\"type\":\"x\",\"enabled\":true}]}");
      assertThat(text(NotificationJson.encode(new NotificationReply.PreferenceSet("x", false))))
          .isEqualTo("{\"type\":\"x\",\"enabled\":false}");
    }
  }

  @Nested
  class An_event {
    @Test
    void looks_as_clients_know_it() {
      assertThat(text(NotificationJson.encode(new NotificationEvent.Notified(NOTIFICATION, 3))))
          .isEqualTo(NOTIFICATION_JSON.substring(0, NOTIFICATION_JSON.length() - 1) + ",\"unread\":3}");
      assertThat(text(NotificationJson.encode(new NotificationEvent.Read(List.of("n1"), 2))))
          .isEqualTo("{\"ids\":[\"n1\"],\"unread\":2}");
      assertThat(text(NotificationJson.encode(new NotificationEvent.ReadUpTo(9, 0)))).isEqualTo("{\"upTo\":9,\"unread\":0}");
    }
  }
}
