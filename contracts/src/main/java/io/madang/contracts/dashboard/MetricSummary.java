package io.madang.contracts.dashboard;

import java.time.Instant;
import java.util.Optional;

/**
 * What a metric was for some time.
 *
 * @param points that have a number
 * @param range absent when no point has a number
 */
public record MetricSummary(MetricName metric, int points, Optional<Range> range) {
  /**
   * The numbers.
   *
   * @param from when the first point was
   * @param to when the last point was
   * @param last its number
   */
  public record Range(
      Instant from, Instant to, double min, double max, double average, double last) {}
}
