package io.madang.dashboard;

import io.madang.contracts.dashboard.DashboardCommand;
import io.madang.contracts.dashboard.DashboardCommand.Current;
import io.madang.contracts.dashboard.DashboardCommand.GetCachedData;
import io.madang.contracts.dashboard.DashboardCommand.InspectMesh;
import io.madang.contracts.dashboard.DashboardCommand.MeshMetrics;
import io.madang.contracts.dashboard.DashboardCommand.PremiumFeature;
import io.madang.contracts.dashboard.DashboardCommand.SubscribeToMetric;
import io.madang.contracts.dashboard.DashboardCommand.UnsubscribeFromMetric;
import io.madang.contracts.dashboard.DashboardJson;
import io.madang.contracts.dashboard.MetricName;
import io.madang.dashboard.cache.SlidingCache;
import io.madang.dashboard.processing.Digest;
import io.madang.dashboard.series.Series;
import io.madang.runtime.admin.AdminQuery;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.command.Effects;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.service.ServiceContext.NodeView;
import io.madang.runtime.topic.Payload;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Carries out the commands; nothing of them is kept but what {@link #cache} says. Touched on the service's event loop only. */
final class Commands implements DashboardCommand.Handler<Future<CommandOutcome>> {
  private static final String JSON_NULL = "null";

  /** Each look asks every node of the mesh. */
  static final int MAX_LOOKS = 4;

  /** How long one node may take: all three rounds of a look are over before the asker gives up. */
  private static final Duration LOOK_WITHIN = Duration.ofMillis(500);

  private static final int RETRY_AFTER_MS = 1_000;

  private final Series series;
  private final NodeView nodes;

  /** Looks under way. */
  private int looks;

  /** Entries, of which there is one for each metric at most, and how long one is kept that nobody asks for. */
  private static final int MAX_CACHED = 64;

  private static final long CACHED_MS = Duration.ofMinutes(5).toMillis();

  /** Summaries of metrics as they were when they were first asked for, those still being made among them. */
  private final SlidingCache<Future<Payload>> cache = new SlidingCache<>(MAX_CACHED, CACHED_MS);

  Commands(Series series, NodeView nodes) {
    this.series = series;
    this.nodes = nodes;
  }

  /** {@code null} before the first second. */
  @Override
  public Future<CommandOutcome> on(Current command) {
    return series
        .readCurrent()
        .map(head -> CommandOutcome.done(Payload.ofJson(head.last().orElse(JSON_NULL))));
  }

  @Override
  public Future<CommandOutcome> on(SubscribeToMetric command) {
    Optional<MetricName> metric = MetricName.of(command.metric());
    if (metric.isEmpty()) {
      return unknownMetric();
    }
    return series
        .lastOf(metric.get())
        .map(head -> CommandOutcome.done(
            Payload.wrap(DashboardJson.metric(command.metric(), head.last().orElse(JSON_NULL))),
            new Effects(Map.of(Publications.topicOf(metric.get()), head.position()), List.of())));
  }

  @Override
  public Future<CommandOutcome> on(UnsubscribeFromMetric command) {
    Optional<MetricName> metric = MetricName.of(command.metric());
    return metric.isEmpty()
        ? unknownMetric()
        : Future.succeededFuture(CommandOutcome.done(
            Payload.wrap(DashboardJson.metric(command.metric())),
            new Effects(Map.of(), List.of(Publications.topicOf(metric.get())))));
  }

  /** Whoever has not the role was refused before, whatever the words. */
  @Override
  public Future<CommandOutcome> on(InspectMesh command) {
    AdminQuery query;
    try {
      query = AdminQuery.of(command.asked());
    } catch (AdminQuery.BadQueryException e) {
      return Future.succeededFuture(CommandOutcome.refused(Refusal.badRequest(e.getMessage())));
    }
    if (looks >= MAX_LOOKS) {
      return Future.succeededFuture(CommandOutcome.refused(Refusal.later(
          "unavailable", "As many others are looking now as may; try again.", RETRY_AFTER_MS)));
    }
    looks++;
    return nodes
        .look(query.view(), query.inspection(), LOOK_WITHIN)
        .map(CommandOutcome::done)
        .onComplete(done -> looks--);
  }

  @Override
  public Future<CommandOutcome> on(GetCachedData command) {
    Optional<MetricName> metric = MetricName.of(command.key());
    return metric.isEmpty() ? unknownMetric() : cached(metric.get()).map(CommandOutcome::done);
  }

  private Future<Payload> cached(MetricName metric) {
    long now = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    return cache.use(metric.wire(), now).orElseGet(() -> {
      Future<Payload> made = series
          .summary(metric)
          .map(summary -> Payload.wrap(DashboardJson.cached(summary, Instant.now())));
      cache.put(metric.wire(), made, now);
      return made.onFailure(failure -> cache.remove(metric.wire(), made));
    });
  }

  /** {@code null} before the first second. */
  @Override
  public Future<CommandOutcome> on(MeshMetrics command) {
    return series
        .readCurrent()
        .map(head -> CommandOutcome.done(head.last()
            .map(board -> Payload.wrap(DashboardJson.operations(board)))
            .orElse(Payload.ofJson(JSON_NULL))));
  }

  /** Whoever has not the role was refused before. */
  @Override
  public Future<CommandOutcome> on(PremiumFeature command) {
    String data = command.data();
    String text = data.strip();
    return Future.succeededFuture(CommandOutcome.done(Payload.wrap(DashboardJson.premium(
        data.codePointCount(0, data.length()),
        text.isEmpty() ? 0 : text.split("\\s+").length,
        (int) data.lines().count(),
        Digest.hex(data.getBytes(StandardCharsets.UTF_8))))));
  }

  private static Future<CommandOutcome> unknownMetric() {
    return Future.succeededFuture(
        CommandOutcome.refused("not-found", "There is no metric of that name."));
  }
}
