package io.madang.chat;

import static io.madang.chat.ChatNode.newId;
import static io.madang.chat.ChatNode.user;
import static org.assertj.core.api.Assertions.assertThat;

import io.madang.contracts.chat.ChatNames;
import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.descriptor.CommandDescriptor;
import io.madang.runtime.descriptor.Parameter;
import io.madang.runtime.mesh.Mesh;
import io.madang.runtime.topic.Payload;
import io.madang.testkit.TestDatabase;
import io.madang.testkit.TestStores;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

@DisplayNameGeneration(ReplaceUnderscores.class)
@TestInstance(Lifecycle.PER_CLASS)
class GarbageTest {
  private static final String EVERYTHING = """
      select concat_ws(' ', (select count(*) from chat.log), (select count(*) from chat.room),
        (select count(*) from chat.topic), (select count(*) from chat.command),
        (select count(*) from chat.outbox), (select count(*) from chat.sanction))""";

  private final Vertx vertx = Vertx.vertx();
  private final TestDatabase database = TestStores.createDatabase();
  private final Mesh mesh = Mesh.local(vertx, "test", ChatNames.SERVICE);

  @BeforeAll
  void start() {
    ChatNode.get(mesh.start());
    ChatNode.get(mesh.serve(new ChatService(ChatConfig.defaults().withPostgres(database.url()))));
    Awaitility.await()
        .atMost(10, TimeUnit.SECONDS)
        .until(() -> mesh.isAccepting(ChatNames.SERVICE));
    // Whoever calls is written down as a person first; that is no trace of a command.
    command("sendMessage", "[\"hello\"]");
  }

  @AfterAll
  void stop() {
    ChatNode.get(mesh.stop());
    ChatNode.get(vertx.close());
  }

  private CommandOutcome command(String name, String arguments) {
    return ChatNode.get(mesh.client()
        .command(
            ChatNames.SERVICE,
            new CommandCall(user("ann"), name, newId(), Payload.ofJson(arguments))));
  }

  private static Stream<String> values() {
    return Stream.of(
        "null",
        "true",
        "7",
        "-1",
        "1e400",
        "123456789012345678901234567890",
        "\"\"",
        "\" \"",
        "\"\\u0000\"",
        "\"a\\u0000b\"",
        "\"\\ud800\"",
        "\"a\\udc00b\"",
        "\"" + "x".repeat(31_000) + "\"",
        "\"'; drop table chat.room; --\"",
        "[]",
        "{}",
        "[".repeat(900) + "]".repeat(900),
        "{\"title\":\"\\u0000\"}",
        "{\"password\":\"\\ud800\"}");
  }

  @Nested
  class Any_garbage_for_any_argument {
    @Test
    void is_refused_or_done_but_never_a_fault_and_leaves_no_trace_when_refused()
        throws SQLException {
      try (Connection connection = database.connect();
          Statement statement = connection.createStatement()) {
        String before = everything(statement);
        for (CommandDescriptor command : ChatDescriptor.CHAT.commands()) {
          for (Parameter parameter : command.parameters()) {
            for (String value : values().toList()) {
              CommandOutcome outcome =
                  command(command.name(), arguments(command, parameter.name(), value));
              String after = everything(statement);
              if (outcome instanceof CommandOutcome.Refused) {
                assertThat(after)
                    .as("%s %s %.50s", command.name(), parameter.name(), value)
                    .isEqualTo(before);
              }
              before = after;
            }
          }
        }
      }
    }

    private String everything(Statement statement) throws SQLException {
      try (ResultSet counts = statement.executeQuery(EVERYTHING)) {
        counts.next();
        return counts.getString(1);
      }
    }

    private String arguments(CommandDescriptor command, String about, String value) {
      return command.parameters().stream()
          .map(Parameter::name)
          .map(name -> "\"%s\":%s".formatted(name, name.equals(about) ? value : plausible(name)))
          .collect(Collectors.joining(",", "{", "}"));
    }

    private String plausible(String name) {
      return switch (name) {
        case "room" -> "\"lobby\"";
        case "take" -> "10";
        case "offset", "before", "durationMs" -> "1";
        case "isTyping", "on" -> "true";
        case "options" -> "{}";
        case "role" -> "\"member\"";
        case "messageId" -> "\"0123456789abcdef-1\"";
        default -> "\"ann\"";
      };
    }
  }

  @Nested
  class Both_ways_to_speak_in_the_lobby {
    @Test
    void are_told_apart_by_count() {
      assertThat(command("SendMessage", "[\"one argument\"]"))
          .isInstanceOf(CommandOutcome.Done.class);
      assertThat(command("SendMessage", "[\"ann\",\"two arguments\"]"))
          .isInstanceOf(CommandOutcome.Done.class);
      assertThat(command("setTyping", "[true]")).isInstanceOf(CommandOutcome.Done.class);
      assertThat(command("setTyping", "[\"lobby\",false]")).isInstanceOf(CommandOutcome.Done.class);
      assertThat(command("recentMessages", "[\"lobby\"]")).isInstanceOf(CommandOutcome.Done.class);
      assertThat(command("recentMessages", "[\"lobby\",100000]"))
          .isInstanceOf(CommandOutcome.Done.class);
    }
  }
}
