package io.madang.dashboard;

import static io.madang.dashboard.DashboardNode.json;
import static io.madang.dashboard.DashboardNode.person;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.madang.contracts.dashboard.DashboardNames;
import io.madang.dashboard.alert.AlertRule;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.config.Secret;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.topic.EventClass;
import io.madang.runtime.topic.Publication;
import io.madang.testkit.TestKeyspace;
import io.madang.testkit.TestStores;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The commands and events that hubs have words for and the dashboard had not. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class OperationsAndAlertsTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final AtomicInteger CONNECTED = new AtomicInteger(3);

  private static TestKeyspace keyspace;
  private static DashboardNode node;

  @BeforeAll
  static void start() {
    keyspace = TestStores.createKeyspace();
    node = new DashboardNode(
        DashboardConfig.defaults()
            .withRedis(new Secret(keyspace.url()))
            .withAlerts(List.of(AlertRule.parse("connections>10")))
            .withOperationsEvery(Duration.ofSeconds(1)),
        "one");
    node.meters().gauge("madang.connections", CONNECTED);
    node.hear(Publications.DASHBOARD);
    node.hear(Publications.OPERATIONS);
  }

  @AfterAll
  static void stop() {
    node.close();
    keyspace.close();
  }

  private static JsonNode done(CommandOutcome outcome) {
    assertThat(outcome).isInstanceOf(CommandOutcome.Done.class);
    return json(((CommandOutcome.Done) outcome).result());
  }

  private static String codeOf(CommandOutcome outcome) {
    return outcome instanceof CommandOutcome.Refused refused ? refused.refusal().code() : "done";
  }

  @Nested
  class Cached_data {
    private JsonNode cached(String key) {
      return done(node.command(person("ada"), "getCachedData", "{\"key\":\"" + key + "\"}"));
    }

    @Test
    void are_the_numbers_of_a_metric_as_they_were_when_they_were_first_asked_for() {
      await().atMost(SOON).until(() -> cached("nodes").has("cachedAt"));
      JsonNode first = cached("nodes");

      assertThat(cached("nodes")).isEqualTo(first);
      assertThat(first.get("key").asText()).isEqualTo("nodes");
      assertThat(Instant.parse(first.get("cachedAt").asText())).isBefore(Instant.now());
    }

    @Test
    void of_no_metric_are_not_there() {
      assertThat(codeOf(node.command(person("ada"), "getCachedData", "{\"key\":\"luck\"}")))
          .isEqualTo("not-found");
    }
  }

  @Nested
  class The_premium_feature {
    @Test
    void reads_a_text() {
      JsonNode read = done(
          node.command(person("ada", "premium"), "premiumFeature", "{\"data\":\"one 안녕\\n two\"}"));

      assertThat(read.get("characters").asInt()).isEqualTo(11);
      assertThat(read.get("words").asInt()).isEqualTo(3);
      assertThat(read.get("lines").asInt()).isEqualTo(2);
      assertThat(read.get("summary").asText())
          .isEqualTo(
              "11 characters, 3 words, 2 lines, SHA-256 " + read.get("sha256").asText());
    }

    @Test
    void is_for_those_who_have_the_role() {
      assertThat(codeOf(node.command(person("bob"), "premiumFeature", "{\"data\":\"x\"}")))
          .isEqualTo("forbidden");
    }
  }

  @Nested
  class Operations {
    @Test
    void are_told_to_admins_in_the_shape_they_ask_for() {
      await().atMost(SOON).until(() -> !node.heard(Publications.OPERATIONS).isEmpty());

      Publication told = node.heard(Publications.OPERATIONS).get(0);
      JsonNode asked = done(node.command(person("root", "admin"), "meshMetrics", "{}"));

      for (JsonNode data : List.of(json(told.data()), asked)) {
        assertThat(data.fieldNames())
            .toIterable()
            .containsExactly(
                "timestamp",
                "activeConnections",
                "messagesPerSecond",
                "averageMessageSize",
                "errorRate");
        assertThat(Instant.parse(data.get("timestamp").asText())).isBefore(Instant.now());
      }
      assertThat(told.eventClass()).isEqualTo(EventClass.EPHEMERAL);
    }

    @Test
    void are_nobody_elses_business() {
      assertThat(node.subscribe(person("ada"), Publications.OPERATIONS, Optional.empty(), 10))
          .isInstanceOf(TopicAnswer.Denied.class);
      assertThat(
              node.subscribe(person("root", "admin"), Publications.OPERATIONS, Optional.empty(), 1))
          .isInstanceOf(TopicAnswer.Granted.class);
      assertThat(codeOf(node.command(person("ada"), "meshMetrics", "{}"))).isEqualTo("forbidden");
    }
  }

  @Nested
  class An_alert {
    private List<JsonNode> alerts() {
      return node.heard(Publications.DASHBOARD).stream()
          .filter(publication -> publication.event().equals(DashboardNames.ALERT_EVENT))
          .map(publication -> json(publication.data()))
          .toList();
    }

    @Test
    void comes_once_when_a_limit_is_broken_and_once_when_it_is_mended() {
      CONNECTED.set(12);
      await().atMost(SOON).until(() -> alerts().size() == 1);
      long seen = node.heard(Publications.OPERATIONS).size();
      await().atMost(SOON).until(() -> node.heard(Publications.OPERATIONS).size() >= seen + 2);
      CONNECTED.set(10);
      await().atMost(SOON).until(() -> alerts().size() >= 2);

      assertThat(alerts())
          .extracting(alert -> alert.get("raised").asBoolean())
          .containsExactly(true, false);
      JsonNode raised = alerts().get(0);
      assertThat(raised.get("rule").asText()).isEqualTo("connections>10");
      assertThat(raised.get("metric").asText()).isEqualTo("connections");
      assertThat(raised.get("value").asDouble()).isEqualTo(12);
      assertThat(raised.get("threshold").asDouble()).isEqualTo(10);
      assertThat(raised.get("message").asText())
          .isEqualTo("connections is 12, against connections>10");
    }
  }
}
