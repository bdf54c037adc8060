package io.madang.dashboard.series;

import io.madang.contracts.dashboard.MetricName;
import io.madang.contracts.dashboard.MetricSummary;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the points of a metric come to. */
final class Summaries {
  private Summaries() {}

  /** @param points pairs of milliseconds and a number or {@code null} as JSON, oldest first */
  static MetricSummary of(MetricName metric, List<String> points) {
    int count = 0;
    long from = 0;
    long to = 0;
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    double sum = 0;
    double last = 0;
    for (String point : points) {
      int comma = point.indexOf(',');
      String number = point.substring(comma + 1, point.length() - 1);
      if (number.equals("null")) {
        continue;
      }
      to = Long.parseLong(point.substring(1, comma));
      from = count == 0 ? to : from;
      last = Double.parseDouble(number);
      min = Math.min(min, last);
      max = Math.max(max, last);
      sum += last;
      count++;
    }
    return new MetricSummary(
        metric,
        count,
        count == 0
            ? Optional.empty()
            : Optional.of(new MetricSummary.Range(
                Instant.ofEpochMilli(from),
                Instant.ofEpochMilli(to),
                min,
                max,
                sum / count,
                last)));
  }
}
