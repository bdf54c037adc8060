package io.madang.benchmarks.run;

import io.madang.benchmarks.measure.ProcessCost;
import io.madang.benchmarks.report.Figures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What all processes of a run have used at one moment. */
public final class Costs {
  private final long nanos = System.nanoTime();
  private final Map<String, ProcessCost> nodes = new LinkedHashMap<>();
  private final List<ProcessCost> generators = new ArrayList<>();
  private final double storeSeconds;

  private Costs(double storeSeconds) {
    this.storeSeconds = storeSeconds;
  }

  public static Costs now(Map<String, Long> nodes, List<Long> stores, List<Long> generators)
      throws IOException {
    double storeSeconds = 0;
    for (long pid : stores) {
      storeSeconds += ProcessCost.familyCpuSeconds(pid);
    }
    Costs costs = new Costs(storeSeconds);
    for (long pid : generators) {
      costs.generators.add(ProcessCost.of(pid));
    }
    for (Map.Entry<String, Long> node : nodes.entrySet()) {
      costs.nodes.put(node.getKey(), ProcessCost.of(node.getValue()));
    }
    return costs;
  }

  public ProcessCost of(String node) {
    return nodes.get(node);
  }

  public double secondsSince(Costs before) {
    return (nanos - before.nanos) / 1e9;
  }

  private double generatorSeconds() {
    return generators.stream().mapToDouble(ProcessCost::cpuSeconds).sum();
  }

  /**
   * Puts what the time since then has cost.
   *
   * @param fanningOut the nodes whose processor time counts for a delivery: the gateways that have the clients
   */
  public void put(Figures figures, Costs before, Collection<String> fanningOut, long deliveries) {
    double gateways = 0;
    long writes = 0;
    double all = 0;
    for (Map.Entry<String, ProcessCost> node : nodes.entrySet()) {
      ProcessCost used = node.getValue().since(before.of(node.getKey()));
      figures.put(node.getKey() + " CPU s", used.cpuSeconds());
      figures.put(node.getKey() + " RSS MB", node.getValue().residentBytes() / 1048576.0);
      all += used.cpuSeconds();
      if (fanningOut.contains(node.getKey())) {
        gateways += used.cpuSeconds();
        writes += used.writes();
      }
    }
    double generatorSeconds = generatorSeconds() - before.generatorSeconds();
    figures.put("stores CPU s", storeSeconds - before.storeSeconds);
    figures.put("product CPU s", all);
    figures.put("generator CPU s", generatorSeconds);
    figures.put("generator cores", generatorSeconds / secondsSince(before));
    figures.put("deliveries per gateway CPU s", deliveries / Math.max(gateways, 0.01));
    figures.put("deliveries per product CPU s", deliveries / Math.max(all, 0.01));
    figures.put("writes per delivery", (double) writes / Math.max(1, deliveries));
  }
}
