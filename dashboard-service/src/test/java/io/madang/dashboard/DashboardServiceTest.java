package io.madang.dashboard;

import static io.madang.dashboard.DashboardNode.json;
import static io.madang.dashboard.DashboardNode.person;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.madang.contracts.dashboard.MetricName;
import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.config.Secret;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.topic.EventClass;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.madang.testkit.TestKeyspace;
import io.madang.testkit.TestStores;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DashboardServiceTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Topic CONNECTIONS = Publications.topicOf(MetricName.CONNECTIONS);
  private static final Topic HEAP = Publications.topicOf(MetricName.HEAP_MB);

  private static TestKeyspace keyspace;
  private static DashboardNode one;
  private static DashboardNode two;
  private static final AtomicInteger CONNECTED = new AtomicInteger(3);

  @BeforeAll
  static void start() {
    keyspace = TestStores.createKeyspace();
    DashboardConfig config = DashboardConfig.defaults().withRedis(new Secret(keyspace.url()));
    one = new DashboardNode(config, "one");
    two = new DashboardNode(config, "two");
    for (DashboardNode node : List.of(one, two)) {
      node.meters().gauge("madang.connections", CONNECTED);
      node.hear(CONNECTIONS);
      node.hear(Publications.DASHBOARD);
    }
  }

  @AfterAll
  static void stop() {
    one.close();
    two.close();
    keyspace.close();
  }

  private static List<Publication> heard(Topic topic) {
    List<Publication> heard = new ArrayList<>(one.heard(topic));
    heard.addAll(two.heard(topic));
    heard.sort(Comparator.comparingLong(Publication::offset));
    return heard;
  }

  private static JsonNode done(CommandOutcome outcome) {
    assertThat(outcome).isInstanceOf(CommandOutcome.Done.class);
    return json(((CommandOutcome.Done) outcome).result());
  }

  private static String codeOf(CommandOutcome outcome) {
    return outcome instanceof CommandOutcome.Refused refused ? refused.refusal().code() : "done";
  }

  @Nested
  class A_metric {
    @Test
    void is_one_line_whichever_replica_writes_it() {
      await().atMost(SOON).until(() -> heard(CONNECTIONS).size() >= 5);

      List<Publication> heard = heard(CONNECTIONS);

      long first = heard.get(0).offset();
      assertThat(heard)
          .extracting(Publication::offset)
          .containsExactlyElementsOf(
              LongStream.range(first, first + heard.size()).boxed().toList());
      assertThat(heard)
          .extracting(Publication::timeMillis)
          .doesNotHaveDuplicates()
          .isSorted();
      assertThat(heard).allMatch(publication -> publication.previous() == publication.offset() - 1);
      assertThat(heard).allMatch(publication -> publication.eventClass() == EventClass.STATE);
      assertThat(heard).allMatch(publication -> publication.event().equals("metric"));
      assertThat(heard)
          .allMatch(publication -> publication.key().equals(Optional.of("connections")));
      JsonNode data = json(heard.get(heard.size() - 1).data());
      assertThat(data.path("value").asInt()).isEqualTo(3);
      assertThat(data.path("nodes").size()).isEqualTo(1);
      assertThat(data.path("time").asLong())
          .isEqualTo(heard.get(heard.size() - 1).timeMillis());
    }

    /** A process that stands still for a second loses it, so a row of five is waited for. */
    @Test
    void misses_no_second_while_all_is_well() {
      await().atMost(SOON).until(() -> {
        List<Publication> heard = heard(CONNECTIONS);
        List<Publication> last = heard.subList(Math.max(0, heard.size() - 5), heard.size());
        return last.size() == 5 && last.get(4).timeMillis() - last.get(0).timeMillis() == 4_000;
      });
    }

    @Test
    void gives_a_new_reader_its_past_and_goes_on_for_a_returning_one() {
      await().atMost(SOON).until(() -> heard(CONNECTIONS).size() >= 3);

      TopicAnswer.Granted fresh = one.granted(CONNECTIONS, Optional.empty());
      StreamPosition start =
          new StreamPosition(fresh.position().epoch(), fresh.position().offset() - 2);
      TopicAnswer.Granted resumed = two.granted(CONNECTIONS, Optional.of(start));
      TopicAnswer.Granted caughtUp =
          (TopicAnswer.Granted) two.read(new TopicRead.CatchUp(CONNECTIONS, start, 1));

      JsonNode snapshot = json(fresh.snapshot().orElseThrow());
      assertThat(snapshot.path("points").size())
          .isEqualTo((int) fresh.position().offset());
      assertThat(snapshot.path("points").get(0).size()).isEqualTo(2);
      assertThat(snapshot.path("last").path("value").asInt()).isEqualTo(3);
      assertThat(resumed.recovered()).isTrue();
      assertThat(resumed.publications().size()).isGreaterThanOrEqualTo(2);
      assertThat(resumed.publications().get(0).offset()).isEqualTo(start.offset() + 1);
      assertThat(heard(CONNECTIONS)).contains(resumed.publications().get(0));
      assertThat(caughtUp.publications()).hasSize(1);
      assertThat(caughtUp.more()).isTrue();
    }

    @Test
    void has_pages_of_its_past() {
      await().atMost(SOON).until(() -> heard(CONNECTIONS).size() >= 4);

      TopicAnswer.Granted page = (TopicAnswer.Granted) one.read(
          new TopicRead.History(CONNECTIONS, person("ada"), Optional.of(1L), Optional.empty(), 2));

      assertThat(page.publications()).extracting(Publication::offset).containsExactly(2L, 3L);
      assertThat(page.more()).isTrue();
    }

    @Test
    void tells_what_the_process_uses() {
      await()
          .atMost(SOON)
          .until(() -> json(one.granted(HEAP, Optional.empty()).snapshot().orElseThrow())
                  .path("points")
                  .size()
              > 0);

      JsonNode last =
          json(one.granted(HEAP, Optional.empty()).snapshot().orElseThrow()).path("last");

      assertThat(last.path("value").asDouble()).isBetween(1.0, 4_000.0);
    }

    @Test
    void is_a_rate_of_what_the_processes_count() {
      // Each replica sees only its own process here, so both count.
      List<Counter> counters = Stream.of(one, two)
          .map(node -> node.meters().counter("madang.messages", "direction", "in"))
          .toList();
      Topic rate = Publications.topicOf(MetricName.MESSAGES_PER_SECOND);

      await().atMost(SOON).pollInterval(Duration.ofMillis(100)).until(() -> {
        counters.forEach(counter -> counter.increment(10));
        JsonNode last =
            json(one.granted(rate, Optional.empty()).snapshot().orElseThrow()).path("last");
        return last.path("value").asDouble() > 20;
      });
    }

    @ParameterizedTest
    @ValueSource(strings = {"metric:nothing", "metric:CONNECTIONS", "metric", "dashboard:x"})
    void of_no_known_name_is_denied(String name) {
      TopicAnswer answer =
          one.subscribe(person("root", "admin"), Topic.parse(name), Optional.empty(), 10);

      assertThat(answer).isInstanceOf(TopicAnswer.Denied.class);
    }
  }

  @Nested
  class The_dashboard {
    @Test
    @Tag("slow")
    void comes_every_five_seconds_and_is_the_snapshot_of_a_new_reader() {
      await().atMost(SOON).until(() -> heard(Publications.DASHBOARD).size() >= 2);

      List<Publication> heard = heard(Publications.DASHBOARD);
      TopicAnswer.Granted fresh = one.granted(Publications.DASHBOARD, Optional.empty());
      TopicAnswer.Granted same = one.granted(Publications.DASHBOARD, Optional.of(fresh.position()));

      assertThat(heard.get(1).timeMillis() / 5_000)
          .isEqualTo(heard.get(0).timeMillis() / 5_000 + 1);
      JsonNode board = json(heard.get(1).data());
      assertThat(board.path("metrics").path("connections").asInt()).isEqualTo(3);
      assertThat(board.path("metrics").size()).isEqualTo(MetricName.values().length);
      assertThat(board.path("nodes").get(0).path("roles").toString())
          .isEqualTo("[\"dashboard\",\"gateway\"]");
      assertThat(fresh.recovered()).isFalse();
      assertThat(
              json(fresh.snapshot().orElseThrow()).path("metrics").path("nodes").asInt())
          .isEqualTo(1);
      assertThat(same.recovered()).isTrue();
      assertThat(same.snapshot()).isEmpty();
    }

    @Test
    void is_asked_for_by_current() {
      await().atMost(SOON).until(() -> !heard(CONNECTIONS).isEmpty());

      JsonNode current = done(one.command(person("ada"), "current", "{}"));

      assertThat(current.path("metrics").path("nodes").asInt()).isEqualTo(1);
      assertThat(current.path("time").asLong()).isPositive();
    }
  }

  @Nested
  class Subscribing_by_command {
    @Test
    void answers_the_last_sample_and_names_the_topic_with_its_position() {
      await().atMost(SOON).until(() -> !heard(CONNECTIONS).isEmpty());

      CommandOutcome.Done subscribed = (CommandOutcome.Done)
          one.command(person("ada"), "subscribeToMetric", "[\"connections\"]");
      CommandOutcome.Done unsubscribed = (CommandOutcome.Done)
          one.command(person("ada"), "UnsubscribeFromMetric", "{\"metric\":\"connections\"}");

      StreamPosition position = subscribed.effects().subscribe().get(CONNECTIONS);
      assertThat(json(subscribed.result()).path("last").path("value").asInt()).isEqualTo(3);
      assertThat(one.granted(CONNECTIONS, Optional.of(position)).recovered()).isTrue();
      assertThat(unsubscribed.effects().unsubscribe()).containsExactly(CONNECTIONS);
      assertThat(json(unsubscribed.result()).toString()).isEqualTo("{\"metric\":\"connections\"}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            subscribeToMetric     | {"metric":"nothing"}   | not-found
            unsubscribeFromMetric | {"metric":"nothing"}   | not-found
            subscribeToMetric     | {}                     | bad-request
            subscribeToMetric     | {"metric":7}           | bad-request
            subscribeToMetric     | {"metric":"\\u0000"}   | bad-request
            current               | {"more":1}             | bad-request
            dance                 | {}                     | unknown-command
            """)
    void is_refused_for_garbage(String command, String arguments, String code) {
      assertThat(codeOf(one.command(person("ada"), command, arguments))).isEqualTo(code);
    }
  }

  @Nested
  class Inspecting_the_mesh {
    private final Caller admin = person("op", "admin");

    @Test
    void tells_an_admin_of_nodes_interest_topics_and_positions() {
      await().atMost(SOON).until(() -> !heard(CONNECTIONS).isEmpty());

      JsonNode nodes = done(one.command(admin, "inspectMesh", "{\"view\":\"nodes\"}"));
      JsonNode interest = done(one.command(admin, "InspectMesh", "[\"interest\"]"));
      JsonNode topics = done(one.command(admin, "inspectMesh", "{\"view\":\"topics\",\"top\":1}"));
      JsonNode positions = done(one.command(
          admin, "inspectMesh", "{\"view\":\"positions\",\"topic\":\"metric:connections\"}"));

      assertThat(nodes.path("nodes")).hasSize(1);
      assertThat(nodes.path("nodes").path(0).path("accepting").path(0).asText())
          .isEqualTo("dashboard");
      assertThat(interest
              .path("interest")
              .path(0)
              .path("nodes")
              .path(0)
              .path("agrees")
              .asBoolean())
          .isTrue();
      assertThat(topics.path("topics").isArray()).isTrue();
      assertThat(positions.path("repairs").path(0).path("counts").has("batchesResent"))
          .isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"view":"node"}                                     | The view is one of
            {"view":"topics","topic":"a:b","prefix":"a"}        | not both
            {"view":"topics","topic":"no topic"}                | is no topic
            {"view":"topics","top":0}                           | top
            {}                                                  | view
            """)
    void tells_an_admin_what_makes_no_sense(String arguments, String sentence) {
      CommandOutcome.Refused refused =
          (CommandOutcome.Refused) one.command(admin, "inspectMesh", arguments);
      assertThat(refused.refusal().code()).isEqualTo("bad-request");
      assertThat(refused.refusal().message()).contains(sentence);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{\"view\":\"nodes\"}",
          "{\"view\":\"unknown\"}",
          "{\"view\":\"positions\",\"topic\":\"metric:connections\"}",
          "{\"view\":\"positions\",\"topic\":\"no topic\"}"
        })
    void is_refused_to_everybody_else_whatever_the_words(String arguments) {
      assertThat(codeOf(one.command(person("ada"), "inspectMesh", arguments)))
          .isEqualTo("forbidden");
      assertThat(codeOf(one.command(person("mo", "moderator"), "inspectMesh", arguments)))
          .isEqualTo("forbidden");
    }
  }

  @Nested
  class With_a_role_set {
    @Test
    void only_those_who_have_it_see_anything() {
      DashboardConfig config =
          DashboardConfig.defaults().withRedis(new Secret(keyspace.url())).withRole("operator");
      try (DashboardNode guarded = new DashboardNode(config, "guarded")) {
        assertThat(guarded.subscribe(person("ada"), CONNECTIONS, Optional.empty(), 10))
            .isInstanceOf(TopicAnswer.Denied.class);
        assertThat(guarded.subscribe(person("ada"), Publications.DASHBOARD, Optional.empty(), 10))
            .isInstanceOf(TopicAnswer.Denied.class);
        assertThat(guarded.read(new TopicRead.History(
                CONNECTIONS, person("ada"), Optional.empty(), Optional.empty(), 10)))
            .isInstanceOf(TopicAnswer.Denied.class);
        assertThat(codeOf(guarded.command(person("ada"), "current", "{}"))).isEqualTo("forbidden");
        assertThat(codeOf(
                guarded.command(person("ada"), "subscribeToMetric", "{\"metric\":\"nodes\"}")))
            .isEqualTo("forbidden");

        assertThat(guarded.subscribe(person("op", "operator"), CONNECTIONS, Optional.empty(), 10))
            .isInstanceOf(TopicAnswer.Granted.class);
        assertThat(codeOf(guarded.command(person("op", "operator"), "current", "{}")))
            .isEqualTo("done");
      }
    }
  }
}
