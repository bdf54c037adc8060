package io.madang.dashboard.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.madang.contracts.dashboard.DashboardJson;
import io.madang.contracts.dashboard.MeshNode;
import io.madang.contracts.dashboard.MetricName;
import io.madang.contracts.dashboard.MetricSample;
import io.madang.dashboard.metric.Tick;
import io.madang.runtime.redis.RedisLink;
import io.madang.runtime.redis.RedisLinkOptions;
import io.madang.runtime.redis.RedisUrl;
import io.madang.runtime.topic.StreamPosition;
import io.madang.testkit.TestKeyspace;
import io.madang.testkit.TestServer;
import io.madang.testkit.TestStores;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SeriesTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String CLOCK = "madang:{dashboard}:clock";
  private static final String HEADS = "madang:{dashboard}:heads";
  private static final String POINTS = "madang:{dashboard}:points:nodes";
  private static final String SAMPLES = "madang:{dashboard}:samples:nodes";

  private final Vertx vertx = Vertx.vertx();
  private final List<RedisLink> links = new ArrayList<>();
  private TestKeyspace keyspace;
  private Series series;

  @BeforeEach
  void open() {
    keyspace = TestStores.createKeyspace();
    series = new Series(link(keyspace.url()));
  }

  @AfterEach
  void close() {
    links.forEach(link -> got(link.close()));
    got(vertx.close());
    keyspace.close();
  }

  private RedisLink link(String url) {
    RedisLink link = RedisLink.create(vertx, RedisLinkOptions.of(RedisUrl.parse(url)));
    got(link.start(SOON));
    links.add(link);
    return link;
  }

  private static <T> T got(Future<T> future) {
    try {
      return future.await(20, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("no answer", e);
    }
  }

  private Response redis(Command command, Object... arguments) {
    Request request = Request.cmd(command);
    for (Object argument : arguments) {
      request.arg(String.valueOf(argument));
    }
    return got(links.get(0).send(request));
  }

  private long redisSecond() {
    return redis(Command.TIME).get(0).toLong();
  }

  private static Tick tick(double value) {
    Map<MetricName, MetricSample> samples = new EnumMap<>(MetricName.class);
    for (MetricName name : MetricName.values()) {
      samples.put(
          name, new MetricSample(OptionalDouble.of(value), Map.of("chat-1", value), Map.of()));
    }
    samples.put(
        MetricName.AVERAGE_SIZE, new MetricSample(OptionalDouble.empty(), Map.of(), Map.of()));
    return new Tick(samples, List.of(new MeshNode("chat-1.a", "chat-1", List.of("chat"))));
  }

  /** Writes in the next second that is not taken. */
  private static Written.Taken take(Series series, double value) {
    List<Written> taken = new ArrayList<>();
    await().atMost(SOON).pollInterval(Duration.ofMillis(20)).until(() -> {
      Written written = got(series.write(tick(value)));
      taken.add(written);
      return written.taken().isPresent();
    });
    return taken.get(taken.size() - 1).taken().orElseThrow();
  }

  @Nested
  class A_second {
    @Tag("slow")
    @Test
    void takes_one_sample_whoever_offers_it() {
      Series other = new Series(link(keyspace.url()));
      List<Written.Taken> taken = new ArrayList<>();
      long begun = redisSecond();

      await().atMost(SOON).pollInterval(Duration.ofMillis(20)).until(() -> {
        for (Written written : List.of(got(series.write(tick(1))), got(other.write(tick(2))))) {
          written.taken().ifPresent(taken::add);
        }
        return redisSecond() >= begun + 4;
      });

      List<Long> times = taken.stream().map(Written.Taken::timeMillis).toList();
      assertThat(new HashSet<>(times)).hasSameSizeAs(times).hasSizeGreaterThanOrEqualTo(2);
      assertThat(times).isSorted().allMatch(time -> time % 1000 == 0);
      assertThat(taken)
          .extracting(one -> one.metrics().get(MetricName.NODES).offset())
          .containsExactlyElementsOf(
              LongStream.rangeClosed(1, taken.size()).boxed().toList());
    }

    @Test
    void that_is_too_far_back_means_that_the_clock_was_set_back_and_begins_again() {
      StreamPosition before = take(series, 1).metrics().get(MetricName.NODES);
      redis(Command.HSET, CLOCK, "second", redisSecond() + 3_600);

      take(series, 2);

      MetricHead head = got(series.readMetric(MetricName.NODES, Optional.of(before), 10));
      assertThat(head).as("another epoch").isInstanceOf(MetricHead.Fresh.class);
      assertThat(redis(Command.LLEN, POINTS).toLong()).isEqualTo(1);
    }
  }

  @Nested
  class The_window {
    @Test
    void holds_six_hundred_points_at_most() {
      fill(700, 50);

      take(series, 7);

      MetricHead.Fresh head = fresh();
      assertThat(redis(Command.LLEN, SAMPLES).toLong()).isEqualTo(head.points().size());
      assertThat(head.points().size()).isBetween(540, 600);
      assertThat(head.points().get(head.points().size() - 1)).endsWith(",7]");
    }

    @Test
    void drops_what_is_older_than_ten_minutes_even_when_there_is_little() {
      fill(2_000, 1_000);

      take(series, 7);

      assertThat(redis(Command.LLEN, POINTS).toLong()).isEqualTo(1);
      assertThat(redis(Command.LLEN, SAMPLES).toLong()).isEqualTo(1);
    }

    @Test
    void is_read_without_what_is_too_old_while_nobody_writes() {
      take(series, 7);
      fill(900, 880);

      assertThat(fresh().points()).isEmpty();
    }

    private MetricHead.Fresh fresh() {
      return (MetricHead.Fresh) got(series.readMetric(MetricName.NODES, Optional.empty(), 10));
    }

    /** Samples of the seconds between so many and so many seconds ago, in place of what is there. */
    private void fill(long fromAgo, long toAgo) {
      redis(Command.DEL, POINTS, SAMPLES);
      long now = redisSecond();
      List<Future<Response>> sent = new ArrayList<>();
      for (long ago = fromAgo; ago > toAgo; ago--) {
        long time = (now - ago) * 1000;
        sent.add(links.get(0).send(Request.cmd(Command.RPUSH).arg(POINTS).arg("[" + time + ",1]")));
        sent.add(links
            .get(0)
            .send(Request.cmd(Command.RPUSH)
                .arg(SAMPLES)
                .arg("{\"time\":" + time + ",\"value\":1}")));
      }
      got(Future.all(sent));
      redis(Command.HSET, HEADS, "metric:nodes", fromAgo - toAgo);
    }
  }

  @Nested
  class A_reader {
    @Test
    void without_a_position_gets_all_points_and_the_last_sample() {
      Written.Taken first = take(series, 1.5);
      Written.Taken second = take(series, 2);

      MetricHead.Fresh head =
          (MetricHead.Fresh) got(series.readMetric(MetricName.NODES, Optional.empty(), 10));

      assertThat(head.position()).isEqualTo(second.metrics().get(MetricName.NODES));
      assertThat(head.points())
          .containsExactly("[" + first.timeMillis() + ",1.5]", "[" + second.timeMillis() + ",2]");
      assertThat(head.last())
          .contains("{\"time\":" + second.timeMillis()
              + ",\"value\":2,\"nodes\":{\"chat-1\":2},\"services\":{}}");
    }

    @Test
    void of_a_metric_without_value_gets_null() {
      Written.Taken only = take(series, 1);

      MetricHead.Fresh head =
          (MetricHead.Fresh) got(series.readMetric(MetricName.AVERAGE_SIZE, Optional.empty(), 10));

      assertThat(head.points()).containsExactly("[" + only.timeMillis() + ",null]");
    }

    @Test
    void goes_on_from_a_position_inside_the_window_in_parts() {
      StreamPosition start = take(series, 1).metrics().get(MetricName.NODES);
      Written.Taken second = take(series, 2);
      Written.Taken third = take(series, 3);

      MetricHead part = got(series.readMetric(MetricName.NODES, Optional.of(start), 1));
      MetricHead all = got(series.readMetric(MetricName.NODES, Optional.of(start), 10));
      MetricHead nothing = got(series.readMetric(
          MetricName.NODES, Optional.of(third.metrics().get(MetricName.NODES)), 10));

      assertThat(timesOf(part)).containsExactly(second.timeMillis());
      assertThat(timesOf(all)).containsExactly(second.timeMillis(), third.timeMillis());
      assertThat(timesOf(nothing)).isEmpty();
    }

    @Test
    void from_before_the_window_or_ahead_of_it_begins_anew() {
      StreamPosition start = take(series, 1).metrics().get(MetricName.NODES);
      take(series, 2);
      take(series, 3);
      redis(Command.LTRIM, SAMPLES, -1, -1);
      redis(Command.LTRIM, POINTS, -1, -1);

      assertThat(got(series.readMetric(MetricName.NODES, Optional.of(start), 10)))
          .isInstanceOf(MetricHead.Fresh.class);
      assertThat(got(series.readMetric(
              MetricName.NODES, Optional.of(new StreamPosition(start.epoch(), 4)), 10)))
          .isInstanceOf(MetricHead.Fresh.class);
      assertThat(got(series.readMetric(
              MetricName.NODES, Optional.of(new StreamPosition(start.epoch(), 2)), 10)))
          .isInstanceOf(MetricHead.Continued.class);
    }

    @Tag("slow")
    @Test
    void pages_through_the_window_both_ways() {
      List<Long> times = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        times.add(take(series, i).timeMillis());
      }

      MetricPage newest = got(series.page(MetricName.NODES, Optional.empty(), Optional.empty(), 2));
      MetricPage older = got(series.page(MetricName.NODES, Optional.empty(), Optional.of(2L), 2));
      MetricPage after = got(series.page(MetricName.NODES, Optional.of(0L), Optional.empty(), 2));
      MetricPage beyond = got(series.page(MetricName.NODES, Optional.of(99L), Optional.empty(), 2));

      assertThat(newest.before()).isEqualTo(1);
      assertThat(newest.samples())
          .extracting(DashboardJson::timeOf)
          .containsExactly(times.get(1), times.get(2));
      assertThat(older.samples()).extracting(DashboardJson::timeOf).containsExactly(times.get(0));
      assertThat(after.samples())
          .extracting(DashboardJson::timeOf)
          .containsExactly(times.get(0), times.get(1));
      assertThat(beyond.samples()).isEmpty();
    }

    private List<Long> timesOf(MetricHead head) {
      return ((MetricHead.Continued) head)
          .samples().stream().map(DashboardJson::timeOf).toList();
    }
  }

  @Nested
  class The_dashboard {
    @Test
    @Tag("slow")
    void has_an_event_for_each_five_seconds_and_the_values_of_each_second() {
      List<Written.Taken> taken = new ArrayList<>();
      taken.add(take(series, 0));
      for (int i = 1; taken.stream().filter(one -> one.dashboard().isPresent()).count() < 2; i++) {
        taken.add(take(series, i));
      }
      Written.Taken last = taken.get(taken.size() - 1);

      DashboardHead head = got(series.readDashboard());
      take(series, 42);

      assertThat(last.timeMillis() / 5_000).isGreaterThan(taken.get(0).timeMillis() / 5_000);
      assertThat(head.position()).isEqualTo(last.dashboard().orElseThrow());
      assertThat(head.position().offset()).isEqualTo(2);
      assertThat(head.last().orElseThrow())
          .startsWith("{\"time\":" + last.timeMillis() + ",\"metrics\":{\"connections\":")
          .contains("\"averageSize\":null")
          .endsWith("\"nodes\":[{\"id\":\"chat-1.a\",\"name\":\"chat-1\",\"roles\":[\"chat\"]}]}");
      assertThat(got(series.readCurrent()).last().orElseThrow()).contains("\"nodes\":42");
    }

    @Test
    void is_empty_before_the_first_second() {
      assertThat(got(series.readDashboard()).last()).isEmpty();
      assertThat(got(series.readDashboard()).position().offset()).isZero();
    }
  }

  @Nested
  class The_epoch {
    @Test
    void lasts_from_before_the_first_sample() {
      StreamPosition before =
          got(series.readMetric(MetricName.NODES, Optional.empty(), 10)).position();

      assertThat(take(series, 1).metrics().get(MetricName.NODES).epoch()).isEqualTo(before.epoch());
    }

    @Test
    void is_another_one_after_a_flush() {
      StreamPosition before = take(series, 1).metrics().get(MetricName.NODES);
      redis(Command.FLUSHDB);

      MetricHead head = got(series.readMetric(MetricName.NODES, Optional.of(before), 10));

      assertThat(head).isInstanceOf(MetricHead.Fresh.class);
      assertThat(head.position().epoch()).isNotEqualTo(before.epoch());
      assertThat(take(series, 1).metrics().get(MetricName.NODES).offset()).isEqualTo(1);
    }

    @Test
    @Tag("slow")
    void is_another_one_after_a_restart_and_the_points_are_there() {
      try (TestServer redis = TestStores.ownRedis()) {
        Series kept = new Series(link(redis.url()));
        Written.Taken before = take(kept, 1);

        redis.restart();

        List<MetricHead> heads = new ArrayList<>();
        await()
            .atMost(SOON)
            .ignoreExceptions()
            .until(() -> heads.add(got(kept.readMetric(
                MetricName.NODES, Optional.of(before.metrics().get(MetricName.NODES)), 10))));
        MetricHead.Fresh head = (MetricHead.Fresh) heads.get(0);
        assertThat(head.position().epoch())
            .isNotEqualTo(before.metrics().get(MetricName.NODES).epoch());
        assertThat(head.points()).containsExactly("[" + before.timeMillis() + ",1]");
        assertThat(take(kept, 2).metrics().get(MetricName.NODES).offset()).isEqualTo(2);
      }
    }
  }
}
