package io.madang.dashboard.metric;

import io.madang.contracts.dashboard.MeshNode;
import io.madang.contracts.dashboard.MetricName;
import io.madang.contracts.dashboard.MetricSample;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The mesh in one second.
 *
 * @param samples one for each metric
 * @param nodes that are there, by name
 */
public record Tick(Map<MetricName, MetricSample> samples, List<MeshNode> nodes) {
  public Tick {
    samples = new EnumMap<>(samples);
    nodes = List.copyOf(nodes);
  }
}
