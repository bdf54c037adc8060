package io.madang.contracts.dashboard;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * One metric in one second.
 *
 * @param value for the whole mesh; absent when there is nothing to tell, as the average size of no message
 * @param nodes by node name, of those that have a value
 * @param services by service name, of those that have a value
 */
public record MetricSample(OptionalDouble value, Map<String, Double> nodes, Map<String, Double> services) {
  public MetricSample {
    nodes = new TreeMap<>(nodes);
    services = new TreeMap<>(services);
  }
}
