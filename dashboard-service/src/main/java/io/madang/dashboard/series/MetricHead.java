package io.madang.dashboard.series;

import io.madang.runtime.topic.StreamPosition;
import java.util.List;
import java.util.Optional;

/** What a reader of a metric starts from; all of one moment. */
public sealed interface MetricHead {

  /** Where the metric stands. */
  StreamPosition position();

  /** The asked offset is in the window: {@code samples}, as JSON, came right after it, oldest first. */
  record Continued(StreamPosition position, List<String> samples) implements MetricHead {
    public Continued {
      samples = List.copyOf(samples);
    }
  }

  /**
   * No offset was asked for, or it is not in the window.
   *
   * @param points pairs of milliseconds and number as JSON, oldest first
   * @param last the newest sample as JSON; absent when there is none yet
   */
  record Fresh(StreamPosition position, List<String> points, Optional<String> last) implements MetricHead {
    public Fresh {
      points = List.copyOf(points);
    }
  }
}
