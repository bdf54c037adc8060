package io.madang.dashboard.series;

import io.madang.contracts.dashboard.DashboardJson;
import io.madang.contracts.dashboard.MetricName;
import io.madang.contracts.dashboard.MetricSample;
import io.madang.contracts.dashboard.MetricSummary;
import io.madang.dashboard.metric.Tick;
import io.madang.runtime.redis.RedisLink;
import io.madang.runtime.redis.RedisScript;
import io.madang.runtime.topic.StreamPosition;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The door to the metrics in Redis; every method is one script. The positions of a metric have no gaps, and their epoch
 * changes when Redis was flushed or restarted. Failures are those of {@link RedisLink}.
 */
public final class Series {
  /** How much of each metric is kept, one point a second. */
  public static final Duration WINDOW = Duration.ofMinutes(10);

  /** From one event of the topic {@code dashboard} to the next. */
  public static final Duration DASHBOARD_EVERY = Duration.ofSeconds(5);

  private static final RedisScript WRITE = RedisScript.beside(Series.class, "write.lua");
  private static final RedisScript READ_METRIC =
      RedisScript.beside(Series.class, "read-metric.lua");
  private static final RedisScript PAGE_METRIC =
      RedisScript.beside(Series.class, "page-metric.lua");
  private static final RedisScript READ_DASHBOARD =
      RedisScript.beside(Series.class, "read-dashboard.lua");

  private static final RedisScript ALERTS = RedisScript.beside(Series.class, "alerts.lua");

  /** One hash tag, so that a cluster keeps all keys in one place. */
  private static final String PREFIX = "madang:{dashboard}:";

  private static final String EPOCH = PREFIX + "epoch";
  private static final String CLOCK = PREFIX + "clock";
  private static final String HEADS = PREFIX + "heads";
  private static final String CURRENT = PREFIX + "current";
  private static final String DASHBOARD = PREFIX + "dashboard";
  private static final String ALERTED = PREFIX + "alerts";
  private static final int EPOCH_BYTES = 8;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final RedisLink redis;

  public Series(RedisLink redis) {
    this.redis = redis;
  }

  /** Offers the sample of this second; the second is that of Redis. */
  public Future<Written> write(Tick tick) {
    List<String> keys = new ArrayList<>(List.of(EPOCH, CLOCK, HEADS, CURRENT, DASHBOARD));
    List<Object> arguments = new ArrayList<>();
    arguments.add(newEpoch());
    arguments.add(WINDOW.toSeconds());
    arguments.add(DASHBOARD_EVERY.toSeconds());
    arguments.add(DashboardJson.members(tick.samples(), tick.nodes()));
    for (Map.Entry<MetricName, MetricSample> sample : tick.samples().entrySet()) {
      keys.add(points(sample.getKey()));
      keys.add(samples(sample.getKey()));
      arguments.add(sample.getKey().wire());
      arguments.add(DashboardJson.number(sample.getValue().value()));
      arguments.add(DashboardJson.members(sample.getValue()));
    }
    List<MetricName> order = List.copyOf(tick.samples().keySet());
    return redis.run(WRITE, keys, arguments).map(answer -> written(answer, order));
  }

  private static Written written(Response answer, List<MetricName> order) {
    long millisInSecond = answer.get(3).toLong();
    if (answer.get(0).toLong() == 0) {
      return new Written(millisInSecond, Optional.empty());
    }
    String epoch = answer.get(1).toString();
    long dashboard = answer.get(4).toLong();
    Map<MetricName, StreamPosition> metrics = new EnumMap<>(MetricName.class);
    for (int i = 0; i < order.size(); i++) {
      metrics.put(order.get(i), new StreamPosition(epoch, answer.get(5 + i).toLong()));
    }
    Written.Taken taken = new Written.Taken(
        answer.get(2).toLong() * 1000,
        dashboard == 0 ? Optional.empty() : Optional.of(new StreamPosition(epoch, dashboard)),
        metrics);
    return new Written(millisInSecond, Optional.of(taken));
  }

  /**
   * Where a metric stands, and what came after {@code since}.
   *
   * @param limit of samples
   */
  public Future<MetricHead> readMetric(
      MetricName metric, Optional<StreamPosition> since, int limit) {
    List<String> keys = List.of(EPOCH, HEADS, points(metric), samples(metric));
    List<Object> arguments = List.of(
        newEpoch(),
        metric.wire(),
        since.map(StreamPosition::epoch).orElse(""),
        since.map(StreamPosition::offset).orElse(0L),
        limit);
    return redis.run(READ_METRIC, keys, arguments).map(Series::metricHead);
  }

  private static MetricHead metricHead(Response answer) {
    StreamPosition position =
        new StreamPosition(answer.get(0).toString(), answer.get(1).toLong());
    if (answer.get(3).toLong() == 1) {
      return new MetricHead.Continued(position, texts(answer, 4));
    }
    long oldest = (answer.get(2).toLong() - WINDOW.toSeconds()) * 1000;
    List<String> points =
        texts(answer, 5).stream().filter(point -> timeOf(point) > oldest).toList();
    return new MetricHead.Fresh(position, points, notEmpty(answer.get(4).toString()));
  }

  /** Samples of the window nearest after one offset, nearest before one, or the newest; at most one is given. */
  public Future<MetricPage> page(
      MetricName metric, Optional<Long> after, Optional<Long> before, int limit) {
    List<Object> arguments = List.of(
        newEpoch(),
        metric.wire(),
        after.map(String::valueOf).orElse(""),
        before.map(String::valueOf).orElse(""),
        limit);
    return redis
        .run(PAGE_METRIC, List.of(EPOCH, HEADS, samples(metric)), arguments)
        .map(answer -> new MetricPage(
            new StreamPosition(answer.get(0).toString(), answer.get(1).toLong()),
            answer.get(2).toLong(),
            texts(answer, 3)));
  }

  /** Of {@code [time,number]}. */
  private static long timeOf(String point) {
    return Long.parseLong(point.substring(1, point.indexOf(',')));
  }

  /** Where a metric stands, with its newest sample. */
  public Future<LastSample> lastOf(MetricName metric) {
    return page(metric, Optional.empty(), Optional.empty(), 1)
        .map(page -> new LastSample(page.position(), page.samples().stream().findFirst()));
  }

  /** Where the topic {@code dashboard} stands, with its last event. */
  public Future<DashboardHead> readDashboard() {
    return readDashboard(DASHBOARD);
  }

  /** The same with the values of the last second. */
  public Future<DashboardHead> readCurrent() {
    return readDashboard(CURRENT);
  }

  private Future<DashboardHead> readDashboard(String key) {
    return redis
        .run(READ_DASHBOARD, List.of(EPOCH, HEADS, key), List.of(newEpoch()))
        .map(answer -> new DashboardHead(
            new StreamPosition(answer.get(0).toString(), answer.get(1).toLong()),
            notEmpty(answer.get(2).toString())));
  }

  /**
   * Notes which rules are broken in the second just taken.
   *
   * @param broken by the rule's text; what is not in it stays as it is
   * @return the rules of which something else was noted before
   */
  public Future<List<String>> note(Map<String, Boolean> broken) {
    List<Object> arguments = new ArrayList<>();
    broken.forEach((rule, isBroken) -> {
      arguments.add(rule);
      arguments.add(isBroken ? 1 : 0);
    });
    return redis.run(ALERTS, List.of(ALERTED), arguments).map(answer -> texts(answer, 0));
  }

  /** What the points of a metric in the window come to. */
  public Future<MetricSummary> summary(MetricName metric) {
    return readMetric(metric, Optional.empty(), 0)
        .map(head -> Summaries.of(metric, ((MetricHead.Fresh) head).points()));
  }

  private static List<String> texts(Response answer, int from) {
    List<String> texts = new ArrayList<>();
    for (int i = from; i < answer.size(); i++) {
      texts.add(answer.get(i).toString());
    }
    return texts;
  }

  private static Optional<String> notEmpty(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private static String points(MetricName metric) {
    return PREFIX + "points:" + metric.wire();
  }

  private static String samples(MetricName metric) {
    return PREFIX + "samples:" + metric.wire();
  }

  private static String newEpoch() {
    byte[] random = new byte[EPOCH_BYTES];
    RANDOM.nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
