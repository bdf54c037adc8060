package io.madang.dashboard;

import io.madang.contracts.dashboard.DashboardCommand;
import io.madang.contracts.dashboard.DashboardCommand.Current;
import io.madang.contracts.dashboard.DashboardCommand.InspectMesh;
import io.madang.contracts.dashboard.DashboardCommand.SubscribeToMetric;
import io.madang.contracts.dashboard.DashboardCommand.UnsubscribeFromMetric;
import io.madang.contracts.dashboard.DashboardJson;
import io.madang.contracts.dashboard.MetricName;
import io.madang.dashboard.series.Series;
import io.madang.runtime.admin.AdminQuery;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.command.Effects;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.service.ServiceContext.NodeView;
import io.madang.runtime.topic.Payload;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Carries out the commands; nothing of them is kept. */
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

  private static Future<CommandOutcome> unknownMetric() {
    return Future.succeededFuture(
        CommandOutcome.refused("not-found", "There is no metric of that name."));
  }
}
