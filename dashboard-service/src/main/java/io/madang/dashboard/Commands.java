package io.madang.dashboard;

import io.madang.contracts.dashboard.DashboardCommand;
import io.madang.contracts.dashboard.DashboardCommand.Current;
import io.madang.contracts.dashboard.DashboardCommand.SubscribeToMetric;
import io.madang.contracts.dashboard.DashboardCommand.UnsubscribeFromMetric;
import io.madang.contracts.dashboard.DashboardJson;
import io.madang.contracts.dashboard.MetricName;
import io.madang.dashboard.series.Series;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.command.Effects;
import io.madang.runtime.topic.Payload;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Carries out the commands; nothing of them is kept. */
final class Commands implements DashboardCommand.Handler<Future<CommandOutcome>> {
  private static final String JSON_NULL = "null";

  private final Series series;

  Commands(Series series) {
    this.series = series;
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
        .map(
            head ->
                CommandOutcome.done(
                    Payload.wrap(DashboardJson.metric(command.metric(), head.last().orElse(JSON_NULL))),
                    new Effects(Map.of(Publications.topicOf(metric.get()), head.position()), List.of())));
  }

  @Override
  public Future<CommandOutcome> on(UnsubscribeFromMetric command) {
    Optional<MetricName> metric = MetricName.of(command.metric());
    return metric.isEmpty()
        ? unknownMetric()
        : Future.succeededFuture(
            CommandOutcome.done(
                Payload.wrap(DashboardJson.metric(command.metric())),
                new Effects(Map.of(), List.of(Publications.topicOf(metric.get())))));
  }

  private static Future<CommandOutcome> unknownMetric() {
    return Future.succeededFuture(CommandOutcome.refused("not-found", "There is no metric of that name."));
  }
}
