package io.madang.dashboard.series;

import io.madang.contracts.dashboard.MetricName;
import io.madang.runtime.topic.StreamPosition;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What became of a sample.
 *
 * @param millisInSecond how far the second of Redis had gone, so that the next sample can meet the next second
 * @param taken absent when another node's sample made the line of this second
 */
public record Written(long millisInSecond, Optional<Taken> taken) {

  /**
   * The sample made the line.
   *
   * @param timeMillis its second, as milliseconds since 1970 by the clock of Redis
   * @param dashboard position of the dashboard event to publish; absent most seconds
   * @param metrics position of each metric's event; the one before has the offset below
   */
  public record Taken(long timeMillis, Optional<StreamPosition> dashboard, Map<MetricName, StreamPosition> metrics) {
    public Taken {
      metrics = new EnumMap<>(metrics);
    }
  }
}
