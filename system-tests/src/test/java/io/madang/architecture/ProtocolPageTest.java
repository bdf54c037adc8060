package io.madang.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.protocol.code.CloseCode;
import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** PROTOCOL.md names what the code says, and nothing else. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ProtocolPageTest {
  private static final List<String> SERVICES =
      List.of("chat-service", "presence-service", "notification-service", "dashboard-service");

  private final Page page = Page.read(Module.root().resolve("docs/PROTOCOL.md"));

  @Nested
  class Frames {
    @Test
    void are_those_of_both_sides() {
      assertThat(firstCodes("`type`")).isEqualTo(frames(ClientFrame.class, ServerFrame.class));
    }

    private Set<String> frames(Class<?>... sides) {
      return Arrays.stream(sides)
          .flatMap(side -> Arrays.stream(side.getPermittedSubclasses()))
          .map(Class::getSimpleName)
          .map(name -> Character.toLowerCase(name.charAt(0)) + name.substring(1))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Nested
  class Codes {
    /** What the gateway's parts say of themselves beside the codes of frames. */
    private static final Pattern OF_SIGN_IN = Pattern.compile("[A-Z_]+\\(\\s*\"([a-z-]+)\"");

    private static final Pattern OF_A_SERVICE =
        Pattern.compile("(?:Refusal\\.(?:of|later)|CommandOutcome\\.refused|TopicAnswer\\.denied)"
            + "\\(\\s*\"([a-z-]+)\"|case \"([a-z-]+)\" ->\\s+(?:Refusal|until)\\b");

    @Test
    void of_the_gateway_are_all_there_with_what_to_do() {
      Set<String> told = firstCodes("Code of the gateway");
      for (ErrorCode code : ErrorCode.values()) {
        assertThat(page.rowsUnder("Code of the gateway"))
            .as(code.wire())
            .anyMatch(row -> row.get(0).equals("`" + code.wire() + "`")
                && row.get(2).equals(code.retry().wire()));
      }
      told.removeAll(Arrays.stream(ErrorCode.values()).map(ErrorCode::wire).toList());
      assertThat(said("gateway", OF_SIGN_IN)).as("beside those of frames").containsAll(told);
    }

    @Test
    void that_anybody_says_are_all_there() {
      Set<String> told = new TreeSet<>(page.codes());
      assertThat(told).containsAll(said("gateway", OF_SIGN_IN));
      for (String module : SERVICES) {
        assertThat(told).as(module).containsAll(said(module, OF_A_SERVICE));
      }
    }

    @Test
    void of_services_are_said_by_one() {
      Set<String> said = new TreeSet<>();
      SERVICES.forEach(module -> said.addAll(said(module, OF_A_SERVICE)));
      assertThat(said).containsAll(firstCodes("Code"));
    }

    @Test
    void of_a_close_are_all_there_with_reason_and_whether_to_come_back() {
      Set<List<String>> closes = Arrays.stream(CloseCode.values())
          .map(code -> List.of(
              Integer.toString(code.code()), code.reason(), code.mayReconnect() ? "yes" : "no"))
          .collect(Collectors.toSet());
      assertThat(page.rowsUnder("Code").stream()
              .filter(row -> row.get(0).matches("\\d+"))
              .map(row -> row.subList(0, 3))
              .collect(Collectors.toSet()))
          .isEqualTo(closes);
    }
  }

  @Nested
  class Services {
    private static final Pattern NAME =
        Pattern.compile("public static final String (\\w+) = \"([^\"]+)\"");
    private static final Pattern EVENT =
        Pattern.compile("String event\\(\\) \\{\\s*return \"(\\w+)\"");

    private static final Set<String> NO_NAMES_OF_COMMANDS = Set.of(
        "SERVICE",
        "ROOM",
        "INBOX",
        "LOBBY",
        "ROOM_TOPIC_PREFIX",
        "ONLINE_TOPIC",
        "GUARD_PREFIX",
        "ADMIN_ROLE",
        "TOPIC_PREFIX",
        "METRIC_PREFIX",
        "DASHBOARD_TOPIC",
        "CONNECTIONS_TOPIC",
        "DEVICES_PREFIX",
        "OPERATIONS_TOPIC",
        "PREMIUM_ROLE",
        "METRIC_EVENT",
        "DASHBOARD_EVENT",
        "ALERT_EVENT",
        "OPERATIONS_EVENT",
        "MESSAGES_EVENT",
        "UPLOAD_EVENT");

    @Test
    void take_the_commands_and_streams_of_the_contracts() {
      Set<String> commands = constants(name -> !NO_NAMES_OF_COMMANDS.contains(name));
      Set<String> told = firstCodes("Command");
      told.addAll(firstCodes("Command or stream"));
      assertThat(told).isEqualTo(commands);
    }

    @Test
    void own_the_topics_of_the_contracts() {
      Set<String> topics = constants(Set.of(
          "ROOM",
          "INBOX",
          "ROOM_TOPIC_PREFIX",
          "ONLINE_TOPIC",
          "CONNECTIONS_TOPIC",
          "DEVICES_PREFIX",
          "TOPIC_PREFIX",
          "METRIC_PREFIX",
          "DASHBOARD_TOPIC",
          "OPERATIONS_TOPIC")::contains);
      Set<String> told = firstCodes("Topic").stream()
          .map(topic -> topic.replaceFirst(":.*", ""))
          .collect(Collectors.toCollection(TreeSet::new));
      assertThat(told).isEqualTo(topics);
    }

    @Test
    void announce_the_events_of_the_contracts() {
      Set<String> events = constants(name -> name.endsWith("_EVENT"));
      for (SourceFile source : sourcesOf("contracts")) {
        EVENT.matcher(text(source)).results().forEach(event -> events.add(event.group(1)));
      }
      assertThat(firstCodes("Event")).isEqualTo(events);
    }

    private Set<String> constants(Predicate<String> chosen) {
      Set<String> values = new TreeSet<>();
      for (SourceFile source : sourcesOf("contracts")) {
        if (source.path().toString().endsWith("Names.java")) {
          NAME.matcher(text(source))
              .results()
              .filter(constant -> chosen.test(constant.group(1)))
              .forEach(constant -> values.add(constant.group(2)));
        }
      }
      return values;
    }
  }

  /** Everything between backticks in the first column of the tables headed so. */
  private Set<String> firstCodes(String head) {
    return page.rowsUnder(head).stream()
        .flatMap(row -> Page.codesIn(row.get(0)).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> said(String module, Pattern saying) {
    Set<String> codes = new TreeSet<>();
    for (SourceFile source : sourcesOf(module)) {
      saying
          .matcher(text(source))
          .results()
          .flatMap(found ->
              Stream.iterate(1, i -> i <= found.groupCount(), i -> i + 1).map(found::group))
          .filter(code -> code != null)
          .forEach(codes::add);
    }
    return codes;
  }

  private static List<SourceFile> sourcesOf(String module) {
    return Module.all().stream()
        .filter(each -> each.name().equals(module))
        .flatMap(each -> each.productSources().stream())
        .toList();
  }

  /** With its literals, which {@link SourceFile#code} leaves out. */
  private static String text(SourceFile source) {
    try {
      return Files.readString(source.path());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
