package io.madang.dashboard.series;

import io.madang.runtime.topic.StreamPosition;
import java.util.List;

/**
 * A part of a metric's window.
 *
 * @param position where the metric stands
 * @param before offset before that of the first sample
 * @param samples as JSON, oldest first
 */
public record MetricPage(StreamPosition position, long before, List<String> samples) {
  public MetricPage {
    samples = List.copyOf(samples);
  }
}
