package io.madang.dashboard;

import static io.madang.dashboard.DashboardNode.json;
import static io.madang.dashboard.DashboardNode.person;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.madang.contracts.dashboard.MetricName;
import io.madang.runtime.config.Secret;
import io.madang.runtime.service.TopicAnswer.Granted;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.madang.testkit.Seeds;
import io.madang.testkit.TestKeyspace;
import io.madang.testkit.TestStores;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whoever begins with a snapshot of a metric or the dashboard at any moment, or goes on from any position, and takes in what is
 * published since, has what a fresh reader gets, while two nodes offer their samples.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class MetricsAddUpTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final long WINDOW_MS = Duration.ofMinutes(10).toMillis();
  private static final Topic DASHBOARD = Publications.DASHBOARD;
  private static final List<Topic> TOPICS = List.of(
      Publications.topicOf(MetricName.HEAP_MB),
      Publications.topicOf(MetricName.AVERAGE_SIZE),
      Publications.topicOf(MetricName.NODES),
      DASHBOARD);

  private static Vertx vertx;
  private static TestKeyspace keyspace;
  private static List<DashboardNode> nodes;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    keyspace = TestStores.createKeyspace();
    DashboardConfig config = DashboardConfig.defaults().withRedis(new Secret(keyspace.url()));
    nodes = List.of(new DashboardNode(config, "one"), new DashboardNode(config, "two"));
    nodes.forEach(node -> TOPICS.forEach(node::hear));
  }

  @AfterAll
  static void stop() {
    nodes.forEach(DashboardNode::close);
    DashboardNode.await(vertx.close());
    keyspace.close();
  }

  @Tag("slow")
  @Test
  void metrics_and_the_dashboard() {
    Seeds.upTo(1, random -> new Case(random).live());
  }

  /** A reader that began while samples came, and perhaps went on from there a little later. */
  private record Reader(Topic topic, Granted begun, Optional<Granted> resumed) {}

  private static final class Case {
    private final Random random;
    private final List<Future<Reader>> readers = new ArrayList<>();

    Case(Random random) {
      this.random = random;
    }

    void live() {
      readWhile(2);
      setClockBack();
      readWhile(4);
      readers.forEach(reader -> addsUp(DashboardNode.await(reader)));
    }

    /** Readers begin all the time until the dashboard was told so often. */
    private void readWhile(int boards) {
      await().atMost(SOON).pollInterval(Duration.ofMillis(50)).until(() -> {
        read();
        return nodes.stream().mapToInt(node -> node.heard(DASHBOARD).size()).sum() >= boards;
      });
    }

    /** As if all that is kept were of a time an hour from now. */
    private void setClockBack() {
      Redis redis = Redis.createClient(vertx, keyspace.url());
      long second =
          DashboardNode.await(redis.send(Request.cmd(Command.TIME))).get(0).toLong();
      DashboardNode.await(redis.send(Request.cmd(Command.HSET)
          .arg("madang:{dashboard}:clock")
          .arg("second")
          .arg(second + 3_600)));
      redis.close();
    }

    private <T> T anyOf(List<T> choices) {
      return choices.get(random.nextInt(choices.size()));
    }

    private void read() {
      Topic topic = anyOf(TOPICS);
      boolean resumes = random.nextBoolean();
      DashboardNode later = anyOf(nodes);
      readers.add(anyOf(nodes)
          .client()
          .read(subscribe(topic, Optional.empty(), 500))
          .compose(answer -> {
            Granted begun = (Granted) answer;
            return resumes
                ? later
                    .client()
                    .read(subscribe(topic, Optional.of(begun.position()), 500))
                    .map(resumed -> new Reader(topic, begun, Optional.of((Granted) resumed)))
                : Future.succeededFuture(new Reader(topic, begun, Optional.empty()));
          }));
    }

    private static TopicRead subscribe(Topic topic, Optional<StreamPosition> since, int limit) {
      return new TopicRead.Subscribe(topic, person("ada"), since, limit);
    }

    private void addsUp(Reader reader) {
      Topic topic = reader.topic();
      Granted fresh = nodes.get(0).granted(topic, Optional.empty());
      List<String> expected = new Kept(topic, fresh).shown();
      StreamPosition begun = reader.begun().position();
      StreamPosition end = fresh.position();
      if (!begun.epoch().equals(end.epoch())) {
        assertThat(nodes.get(1).granted(topic, Optional.of(begun)).recovered())
            .as("another life")
            .isFalse();
        return;
      }
      NavigableMap<Long, Publication> heard = heard(topic, end);
      List<Publication> since =
          List.copyOf(heard.subMap(begun.offset(), false, end.offset(), true).values());
      assertThat(since).hasSize((int) (end.offset() - begun.offset()));
      assertThat(new Kept(topic, reader.begun()).with(since).shown())
          .as("%s from %s", topic, begun)
          .containsExactlyElementsOf(expected);
      if (!since.isEmpty()) {
        assertThat(new Kept(topic, reader.begun())
                .with(since.subList(since.size() - 1, since.size()))
                .last)
            .as("the newest of %s, conflated", topic)
            .isEqualTo(new Kept(topic, fresh).last);
      }
      reader.resumed().ifPresent(resumed -> {
        Kept kept = new Kept(topic, resumed.recovered() ? reader.begun() : resumed)
            .with(resumed.publications())
            .with(List.copyOf(heard
                .subMap(resumed.position().offset(), false, end.offset(), true)
                .values()));
        assertThat(kept.shown())
            .as("%s resumed at %s", topic, begun)
            .containsExactlyElementsOf(expected);
      });
      resumesAtTheEnd(topic, heard, end);
    }

    /** What was published into the present life of a topic, when all of it has come. */
    private NavigableMap<Long, Publication> heard(Topic topic, StreamPosition end) {
      NavigableMap<Long, Publication> heard = new TreeMap<>();
      await().atMost(SOON).until(() -> {
        for (DashboardNode node : nodes) {
          for (Publication publication : node.heard(topic)) {
            if (publication.position().orElseThrow().epoch().equals(end.epoch())) {
              heard.put(publication.offset(), publication);
            }
          }
        }
        return !heard.isEmpty() && heard.lastKey() >= end.offset();
      });
      return heard;
    }

    /** From any position heard: a metric in parts of any size, the dashboard anew unless nothing was missed. */
    private void resumesAtTheEnd(
        Topic topic, NavigableMap<Long, Publication> heard, StreamPosition end) {
      long first = heard.firstKey();
      long from = first + random.nextInt((int) (end.offset() - first) + 1);
      List<Publication> told = new ArrayList<>();
      while (from + told.size() < end.offset()) {
        StreamPosition since = new StreamPosition(end.epoch(), from + told.size());
        int limit = 1 + random.nextInt(5);
        TopicRead read = random.nextBoolean()
            ? new TopicRead.CatchUp(topic, since, limit)
            : subscribe(topic, Optional.of(since), limit);
        Granted answer = (Granted) anyOf(nodes).read(read);
        assertThat(answer.recovered()).isEqualTo(!topic.equals(DASHBOARD));
        if (!answer.recovered()) {
          assertThat(new Kept(topic, answer).last.get("time").asLong())
              .isGreaterThanOrEqualTo(heard.get(end.offset()).timeMillis());
          return;
        }
        assertThat(answer.publications()).hasSizeLessThanOrEqualTo(limit);
        told.addAll(answer.publications());
      }
      // More may have come meanwhile.
      assertThat(told)
          .startsWith(
              heard.subMap(from, false, end.offset(), true).values().toArray(Publication[]::new));
    }
  }

  /** A metric or the dashboard as a client keeps it by the rules of PROTOCOL.md. */
  private static final class Kept {
    private final Topic topic;
    private final List<JsonNode> points = new ArrayList<>();
    private JsonNode last;

    Kept(Topic topic, Granted begun) {
      this.topic = topic;
      JsonNode snapshot = json(begun.snapshot().orElseThrow());
      last = snapshot;
      if (!topic.equals(DASHBOARD)) {
        snapshot.get("points").forEach(points::add);
        last = snapshot.get("last");
      }
    }

    Kept with(List<Publication> publications) {
      for (Publication publication : publications) {
        last = json(publication.data());
        if (!topic.equals(DASHBOARD)) {
          long time = last.get("time").asLong();
          points.removeIf(point -> point.get(0).asLong() <= time - WINDOW_MS);
          points.add(json(Payload.ofJson("[" + time + "," + last.get("value") + "]")));
        }
      }
      return this;
    }

    /** What a snapshot would say, as one text for each thing, since what differs shall be seen. */
    List<String> shown() {
      List<String> shown = new ArrayList<>();
      points.forEach(point -> shown.add(point.toString()));
      shown.add(last.toString());
      return shown;
    }
  }
}
