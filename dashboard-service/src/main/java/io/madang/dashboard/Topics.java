package io.madang.dashboard;

import io.madang.contracts.dashboard.DashboardJson;
import io.madang.contracts.dashboard.DashboardNames;
import io.madang.contracts.dashboard.MetricName;
import io.madang.dashboard.series.DashboardHead;
import io.madang.dashboard.series.MetricHead;
import io.madang.dashboard.series.MetricPage;
import io.madang.dashboard.series.Series;
import io.madang.runtime.command.Caller;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Answers what gateways ask of {@code metric:<name>} and {@code dashboard}. */
final class Topics {
  private static final String JSON_NULL = "null";

  private final Series series;

  /** What a person needs, or {@link DashboardConfig#EVERYONE}. */
  private final String role;

  Topics(Series series, String role) {
    this.series = series;
    this.role = role;
  }

  Future<TopicAnswer> subscribe(TopicRead.Subscribe read) {
    return mayHear(read.caller(), read.topic())
        ? read(read.topic(), read.since(), read.limit())
        : denied();
  }

  Future<TopicAnswer> catchUp(TopicRead.CatchUp read) {
    return read(read.topic(), Optional.of(read.since()), read.limit());
  }

  Future<TopicAnswer> authorise(TopicRead.Authorise read) {
    return mayHear(read.caller(), read.topic())
        ? read(read.topic(), Optional.empty(), 0).map(Topics::positionAlone)
        : denied();
  }

  /** Of a metric: the samples of the window. The dashboard has no past but its last event. */
  Future<TopicAnswer> history(TopicRead.History read) {
    if (!mayHear(read.caller(), read.topic())) {
      return denied();
    }
    Optional<MetricName> metric = metricOf(read.topic());
    if (metric.isPresent()) {
      return series
          .page(metric.get(), read.after(), read.before(), read.limit() + 1)
          .map(page -> page(metric.get(), read, page));
    }
    return read(read.topic(), Optional.empty(), 0).map(Topics::positionAlone);
  }

  /** One sample more than asked for was read, which tells whether there are more that way. */
  private static TopicAnswer page(MetricName metric, TopicRead.History read, MetricPage page) {
    List<Publication> found =
        publications(metric, page.position().epoch(), page.before(), page.samples());
    boolean more = found.size() > read.limit();
    if (more) {
      found = read.after().isPresent()
          ? found.subList(0, read.limit())
          : found.subList(found.size() - read.limit(), found.size());
    }
    return TopicAnswer.recovered(page.position(), more, found);
  }

  private static TopicAnswer positionAlone(TopicAnswer answer) {
    return answer instanceof TopicAnswer.Granted granted
        ? TopicAnswer.recovered(granted.position(), false, List.of())
        : answer;
  }

  private Future<TopicAnswer> read(Topic topic, Optional<StreamPosition> since, int limit) {
    Optional<MetricName> metric = metricOf(topic);
    if (metric.isPresent()) {
      return series
          .readMetric(metric.get(), since, limit)
          .map(head -> metric(metric.get(), head, since));
    }
    if (topic.equals(Publications.OPERATIONS)) {
      return Future.succeededFuture(operations(since));
    }
    return topic.equals(Publications.DASHBOARD)
        ? series.readDashboard().map(head -> dashboard(head, since))
        : denied();
  }

  private static TopicAnswer metric(
      MetricName metric, MetricHead head, Optional<StreamPosition> since) {
    if (head instanceof MetricHead.Continued continued) {
      List<Publication> publications = publications(
          metric, continued.position().epoch(), since.orElseThrow().offset(), continued.samples());
      long reached = since.orElseThrow().offset() + publications.size();
      return TopicAnswer.recovered(
          continued.position(), reached < continued.position().offset(), publications);
    }
    MetricHead.Fresh fresh = (MetricHead.Fresh) head;
    byte[] snapshot = DashboardJson.snapshot(fresh.points(), fresh.last().orElse(JSON_NULL));
    return TopicAnswer.snapshot(fresh.position(), Payload.wrap(snapshot));
  }

  /** {@code samples} follow {@code offset} one by one. */
  private static List<Publication> publications(
      MetricName metric, String epoch, long offset, List<String> samples) {
    List<Publication> publications = new ArrayList<>(samples.size());
    for (String sample : samples) {
      offset++;
      publications.add(Publications.metric(metric, new StreamPosition(epoch, offset), sample));
    }
    return publications;
  }

  private static TopicAnswer dashboard(DashboardHead head, Optional<StreamPosition> since) {
    if (since.equals(Optional.of(head.position()))) {
      return TopicAnswer.recovered(head.position(), false, List.of());
    }
    return TopicAnswer.snapshot(head.position(), Payload.ofJson(head.last().orElse(JSON_NULL)));
  }

  private static TopicAnswer operations(Optional<StreamPosition> since) {
    StreamPosition position = Publications.OPERATIONS_POSITION;
    return since.equals(Optional.of(position))
        ? TopicAnswer.recovered(position, false, List.of())
        : TopicAnswer.snapshot(position, Payload.ofJson(JSON_NULL));
  }

  private boolean mayHear(Caller caller, Topic topic) {
    if (topic.equals(Publications.OPERATIONS)) {
      return caller.isService() || caller.hasRole(DashboardNames.ADMIN_ROLE);
    }
    return role.equals(DashboardConfig.EVERYONE) || caller.isService() || caller.hasRole(role);
  }

  private static Optional<MetricName> metricOf(Topic topic) {
    return topic.prefix().equals(DashboardNames.METRIC_PREFIX)
        ? MetricName.of(topic.id())
        : Optional.empty();
  }

  private static Future<TopicAnswer> denied() {
    return Future.succeededFuture(
        TopicAnswer.denied("forbidden", "There is no such topic, or you may not hear it."));
  }
}
