package io.madang.runtime.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.madang.runtime.inspect.Inspection;
import io.madang.runtime.inspect.MeshView;
import io.madang.runtime.topic.Topic;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AdminQueryTest {
  @Test
  void a_view_is_enough() {
    assertThat(AdminQuery.of(Map.of("view", "nodes")))
        .isEqualTo(new AdminQuery(
            MeshView.NODES, Inspection.ofTop(Inspection.DEFAULT_TOP), Duration.ofSeconds(1)));
  }

  @Test
  void topics_are_chosen_by_number_and_prefix_or_by_name() {
    assertThat(
            AdminQuery.of(Map.of("view", "topics", "prefix", "log", "top", "3")).inspection())
        .isEqualTo(Inspection.ofTop(3).ofPrefix("log"));
    assertThat(AdminQuery.of(Map.of("view", "positions", "topic", "log:a"))
            .inspection()
            .topics())
        .containsExactly(Topic.parse("log:a"));
  }

  @Test
  void what_makes_no_sense_is_told() {
    refused(Map.of(), "The view is one of nodes, interest, topics, positions.");
    refused(Map.of("view", "node"), "The view is one of nodes, interest, topics, positions.");
    refused(Map.of("view", "nodes", "tops", "1"), "There is no parameter tops;");
    refused(Map.of("view", "nodes", "top", "0"), "top is a whole number from 1 to 200.");
    refused(Map.of("view", "nodes", "top", "99999999999"), "top is a whole number");
    refused(Map.of("view", "nodes", "withinMs", "-1"), "withinMs is a whole number");
    refused(Map.of("view", "topics", "topic", "Log:"), "\"Log:\" is no topic:");
    refused(Map.of("view", "topics", "topic", "log:a", "prefix", "log"), "not both");
  }

  private static void refused(Map<String, String> parameters, String sentence) {
    assertThatThrownBy(() -> AdminQuery.of(parameters))
        .isInstanceOf(AdminQuery.BadQueryException.class)
        .hasMessageContaining(sentence);
  }
}
