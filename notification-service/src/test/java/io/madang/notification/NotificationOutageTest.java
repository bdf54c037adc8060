package io.madang.notification;

import static io.madang.notification.NotificationNode.person;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.topic.StreamPosition;
import io.madang.stores.EmbeddedPostgres;
import io.madang.testkit.TestStores;
import io.vertx.core.Future;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Tag("slow")
class NotificationOutageTest {
  private static final Caller CHAT = Caller.service("chat");
  private static final String MENTION =
      "{\"userId\":\"ada\",\"title\":\"t\",\"message\":\"m\",\"type\":\"mention\"}";

  @Test
  void a_killed_database_costs_no_answered_command_and_none_is_done_twice() {
    try (EmbeddedPostgres postgres = TestStores.dedicatedPostgres();
        NotificationNode node = new NotificationNode(postgres.url().reveal(), "one")) {
      StreamPosition start = node.subscribe("ada").position();
      node.done(CHAT, "send", "first", MENTION);

      postgres.kill();
      Future<CommandOutcome> meanwhile = node.give(CHAT, "send", "second", MENTION);
      await().atMost(Duration.ofSeconds(15)).until(meanwhile::isComplete);
      postgres.start();
      await()
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptions()
          .until(() -> node.give(CHAT, "send", "second", MENTION).await() instanceof CommandOutcome.Done);
      node.done(CHAT, "send", "first", MENTION);

      TopicAnswer.Granted answer = node.resume("ada", start, 10);
      assertThat(meanwhile.failed()).isTrue();
      assertThat(answer.recovered()).isTrue();
      assertThat(answer.publications()).extracting(publication -> publication.command().orElseThrow())
          .containsExactly("first", "second");
      assertThat(node.done(person("ada"), "unread", "{}").path("unread").asInt()).isEqualTo(2);
    }
  }
}
