package io.madang.dashboard;

import io.madang.contracts.dashboard.DashboardJson;
import io.madang.contracts.dashboard.DashboardNames;
import io.madang.contracts.dashboard.MetricName;
import io.madang.dashboard.alert.AlertRule;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;

/** What is published: the newest value of something, whose offsets have no gaps, so that a slow reader may skip to the last. */
final class Publications {
  static final Topic DASHBOARD = new Topic(DashboardNames.DASHBOARD_TOPIC, "");

  static final Topic OPERATIONS = new Topic(DashboardNames.OPERATIONS_TOPIC, "");

  /** Where the topic of operations stands, which keeps nothing. */
  static final StreamPosition OPERATIONS_POSITION = new StreamPosition("passing", 0);

  private Publications() {}

  static Topic topicOf(MetricName metric) {
    return new Topic(DashboardNames.METRIC_PREFIX, metric.wire());
  }

  /** One sample as JSON, which begins with its time. */
  static Publication metric(MetricName metric, StreamPosition position, String sample) {
    return Publication.state(
        topicOf(metric),
        DashboardNames.METRIC_EVENT,
        metric.wire(),
        position,
        position.offset() - 1,
        DashboardJson.timeOf(sample),
        Payload.ofJson(sample));
  }

  static Publication dashboard(StreamPosition position, String board) {
    return Publication.state(
        DASHBOARD,
        DashboardNames.DASHBOARD_EVENT,
        DashboardNames.DASHBOARD_EVENT,
        position,
        position.offset() - 1,
        DashboardJson.timeOf(board),
        Payload.ofJson(board));
  }

  /** @param board as {@link #dashboard} has it */
  static Publication operations(String board) {
    return Publication.ephemeral(
        OPERATIONS,
        DashboardNames.OPERATIONS_EVENT,
        DashboardJson.timeOf(board),
        Payload.wrap(DashboardJson.operations(board)));
  }

  static Publication alert(long time, AlertRule rule, double value) {
    return Publication.ephemeral(
        DASHBOARD,
        DashboardNames.ALERT_EVENT,
        time,
        Payload.wrap(DashboardJson.alert(
            time, rule.text(), rule.metric(), rule.limit(), value, rule.isBrokenBy(value))));
  }
}
