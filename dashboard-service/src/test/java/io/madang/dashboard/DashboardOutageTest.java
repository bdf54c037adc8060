package io.madang.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.madang.contracts.dashboard.MetricName;
import io.madang.runtime.config.Secret;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.madang.testkit.TestServer;
import io.madang.testkit.TestStores;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Tag("slow")
class DashboardOutageTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Topic NODES = Publications.topicOf(MetricName.NODES);

  @Test
  void a_killed_redis_costs_seconds_and_the_line_goes_on_in_a_new_epoch() {
    try (TestServer redis = TestStores.ownRedis();
        DashboardNode node = new DashboardNode(
            DashboardConfig.defaults().withRedis(new Secret(redis.url())), "one")) {
      node.hear(NODES);
      await().atMost(SOON).until(() -> node.heard(NODES).size() >= 2);

      redis.kill();
      redis.start();
      StreamPosition before = node.heard(NODES).get(1).position().orElseThrow();
      await().atMost(SOON).until(() -> !epochOf(last(node.heard(NODES))).equals(before.epoch()));

      TopicAnswer.Granted answer = node.granted(NODES, Optional.of(before));
      assertThat(answer.recovered()).isFalse();
      assertThat(answer.snapshot()).isPresent();
      assertThat(answer.position().epoch()).isEqualTo(epochOf(last(node.heard(NODES))));
    }
  }

  private static Publication last(List<Publication> publications) {
    return publications.get(publications.size() - 1);
  }

  private static String epochOf(Publication publication) {
    return publication.position().orElseThrow().epoch();
  }
}
