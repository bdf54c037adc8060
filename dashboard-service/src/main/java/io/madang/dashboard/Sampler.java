package io.madang.dashboard;

import io.madang.contracts.dashboard.DashboardJson;
import io.madang.contracts.dashboard.MetricName;
import io.madang.contracts.dashboard.MetricSample;
import io.madang.dashboard.alert.AlertRule;
import io.madang.dashboard.metric.Counters;
import io.madang.dashboard.metric.Tick;
import io.madang.dashboard.metric.TickReader;
import io.madang.dashboard.series.Series;
import io.madang.dashboard.series.Written;
import io.madang.runtime.membership.NodeInfo;
import io.madang.runtime.service.Publisher;
import io.madang.runtime.service.ServiceContext.NodeView;
import io.madang.runtime.topic.Publication;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Once a second: asks every node what it counts, offers what that comes to as the sample of this second, and publishes it when
 * it was taken. Follows the seconds of Redis, so that no second is met twice or missed because two clocks drift. Touched on the
 * service's event loop only.
 */
final class Sampler {
  private static final Logger LOG = LoggerFactory.getLogger(Sampler.class);

  /** A node that takes longer is silent in this second: the sample must meet the second it began in. */
  private static final long ANSWER_LIMIT_MS = 600;

  private static final long SECOND_MS = 1_000;

  /** How far a second of Redis has gone when its sample is begun. */
  private static final long BEGIN_AT_MS = 200;

  /** Complaints about a store that is away come no more often than this. */
  private static final long COMPLAIN_EVERY_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Vertx vertx;
  private final NodeView nodes;
  private final Publisher publisher;
  private final Series series;
  private final List<AlertRule> alerts;

  /** From one event of the topic {@code operations} to the next, in whole seconds. */
  private final long operationsEveryMs;

  private final TickReader reader = new TickReader();

  /** Of the next sample; -1 before the first. */
  private long timer = -1;

  private boolean stopped;

  /** When the log was last told of a failure, by {@link System#nanoTime}; absent while all is well. */
  private Optional<Long> complainedAt = Optional.empty();

  Sampler(
      Vertx vertx,
      NodeView nodes,
      Publisher publisher,
      Series series,
      List<AlertRule> alerts,
      Duration operationsEvery) {
    this.vertx = vertx;
    this.nodes = nodes;
    this.publisher = publisher;
    this.series = series;
    this.alerts = List.copyOf(alerts);
    this.operationsEveryMs = operationsEvery.toMillis();
  }

  void start() {
    sample();
  }

  void stop() {
    stopped = true;
    vertx.cancelTimer(timer);
  }

  private void sample() {
    Future.succeededFuture()
        .compose(begin -> collect())
        .compose(this::write)
        .onComplete(
            written -> {
              complainedAt = Optional.empty();
              next(written.map(this::untilNextSecond).orElse(SECOND_MS));
            },
            failure -> {
              complain(failure);
              next(SECOND_MS);
            });
  }

  private long untilNextSecond(Written written) {
    return SECOND_MS + BEGIN_AT_MS - written.millisInSecond();
  }

  private void next(long afterMs) {
    if (!stopped) {
      timer = vertx.setTimer(afterMs, tick -> sample());
    }
  }

  /** What every node counts; empty when there is no rate yet. Nodes that do not answer are left out. */
  private Future<Optional<Tick>> collect() {
    List<NodeInfo> live = nodes.live();
    Map<String, Counters> answers = new HashMap<>();
    List<Future<Counters>> asked = new ArrayList<>();
    for (NodeInfo node : live) {
      asked.add(nodes
          .counters(node)
          .timeout(ANSWER_LIMIT_MS, TimeUnit.MILLISECONDS)
          .map(counters -> Counters.parse(counters.utf8()))
          .onSuccess(counters -> answers.put(node.id(), counters))
          .onFailure(failure ->
              LOG.debug("{} does not tell what it counts: {}", node.id(), failure.toString())));
    }
    return Future.join(asked)
        .transform(all -> Future.succeededFuture(reader.read(System.nanoTime(), live, answers)));
  }

  private Future<Optional<Written>> write(Optional<Tick> tick) {
    if (tick.isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    return series.write(tick.get()).map(written -> {
      written.taken().ifPresent(taken -> publish(tick.get(), taken));
      return Optional.of(written);
    });
  }

  private void publish(Tick tick, Written.Taken taken) {
    List<Publication> publications = new ArrayList<>();
    for (Map.Entry<MetricName, MetricSample> sample : tick.samples().entrySet()) {
      publications.add(Publications.metric(
          sample.getKey(),
          taken.metrics().get(sample.getKey()),
          DashboardJson.at(taken.timeMillis(), DashboardJson.members(sample.getValue()))));
    }
    taken
        .dashboard()
        .ifPresent(position -> publications.add(Publications.dashboard(
            position,
            DashboardJson.at(
                taken.timeMillis(), DashboardJson.members(tick.samples(), tick.nodes())))));
    if (taken.timeMillis() % operationsEveryMs == 0) {
      publications.add(Publications.operations(DashboardJson.at(
          taken.timeMillis(), DashboardJson.members(tick.samples(), tick.nodes()))));
    }
    publisher.publish(publications);
    alert(tick, taken.timeMillis());
  }

  /** Tells of rules that were broken in this second and not before, or are no more. */
  private void alert(Tick tick, long time) {
    Map<String, Boolean> broken = new LinkedHashMap<>();
    for (AlertRule rule : alerts) {
      rule.valueIn(tick.samples())
          .ifPresent(value -> broken.put(rule.text(), rule.isBrokenBy(value)));
    }
    if (broken.isEmpty()) {
      return;
    }
    series
        .note(broken)
        .onSuccess(changed -> alerts.stream()
            .filter(rule -> changed.contains(rule.text()))
            .forEach(rule -> publisher.publish(
                Publications.alert(time, rule, rule.valueIn(tick.samples()).orElseThrow()))))
        .onFailure(failure -> LOG.debug("Alerts are not told: {}", failure.toString()));
  }

  private void complain(Throwable failure) {
    long now = System.nanoTime();
    if (complainedAt.isEmpty() || now - complainedAt.get() > COMPLAIN_EVERY_NANOS) {
      complainedAt = Optional.of(now);
      LOG.warn("The metrics of this second are lost: {}", failure.toString());
    }
  }
}
