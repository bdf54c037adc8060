package io.madang.dashboard.metric;

import io.madang.contracts.dashboard.MeshNode;
import io.madang.contracts.dashboard.MetricName;
import io.madang.contracts.dashboard.MetricSample;
import io.madang.runtime.membership.NodeInfo;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Turns what every node counts, read about once a second, into the metrics of that second. Keeps the last counters of each
 * life of a node: a restarted node has a new id, so its counters are never compared with those of its old life.
 *
 * <p>A node that does not answer keeps its last values for {@link #HOLD}, so that one lost answer is no dip in every line;
 * then it counts for nothing until it answers again. One owner, no clock of its own.
 */
public final class TickReader {
  /** How long a silent node keeps its last values. */
  public static final Duration HOLD = Duration.ofSeconds(3);

  /** The last answer of one life of a node. */
  private record Last(NodeInfo node, long nanos, Counters counters, NodeReading reading) {}

  /** By node id; only of nodes that were live at the last tick. */
  private Map<String, Last> lastById = new HashMap<>();

  /**
   * The metrics at one moment.
   *
   * @param nanos a clock that never goes back
   * @param live the nodes of the mesh now
   * @param answers what those that answered had counted, by node id
   * @return empty as long as no node has answered twice: there is no rate yet
   */
  public Optional<Tick> read(long nanos, List<NodeInfo> live, Map<String, Counters> answers) {
    Map<String, Last> now = new HashMap<>();
    for (NodeInfo node : live) {
      Last before = lastById.get(node.id());
      Counters counters = answers.get(node.id());
      if (counters != null) {
        now.put(node.id(), new Last(node, nanos, counters, reading(before, counters, nanos)));
      } else if (before != null) {
        now.put(node.id(), before);
      }
    }
    lastById = now;

    List<Last> known =
        now.values().stream()
            .filter(last -> nanos - last.nanos() <= HOLD.toNanos())
            .sorted(Comparator.comparing((Last last) -> last.node().name()).thenComparing(last -> last.node().id()))
            .toList();
    if (known.stream().noneMatch(last -> last.reading().flow().isPresent())) {
      return Optional.empty();
    }
    return Optional.of(new Tick(samples(known, live), nodes(live)));
  }

  private static NodeReading reading(Last before, Counters counters, long nanos) {
    if (before == null || nanos <= before.nanos()) {
      return NodeReading.first(counters);
    }
    return NodeReading.between(before.counters(), counters, (nanos - before.nanos()) / 1e9);
  }

  private static Map<MetricName, MetricSample> samples(List<Last> known, List<NodeInfo> live) {
    Map<MetricName, MetricSample> samples = new EnumMap<>(MetricName.class);
    samples.put(MetricName.CONNECTIONS, sum(known, NodeReading::connections));
    samples.put(MetricName.MESSAGES_PER_SECOND, sum(known, rate(NodeReading.Flow::messages)));
    samples.put(MetricName.DELIVERIES_PER_SECOND, sum(known, rate(NodeReading.Flow::deliveries)));
    samples.put(MetricName.AVERAGE_SIZE, averageSize(known));
    samples.put(MetricName.ERROR_RATE, errorRate(known));
    samples.put(MetricName.COMMAND_LATENCY_P50_MS, latency(known, 0.50));
    samples.put(MetricName.COMMAND_LATENCY_P95_MS, latency(known, 0.95));
    samples.put(MetricName.COMMAND_LATENCY_P99_MS, latency(known, 0.99));
    samples.put(MetricName.HEAP_MB, sum(known, NodeReading::heapMb));
    samples.put(MetricName.CPU_PERCENT, sum(known, rate(TickReader::cpuPercent)));
    samples.put(MetricName.NODES, nodeCount(live));
    return samples;
  }

  private static OptionalDouble cpuPercent(NodeReading.Flow flow) {
    return flow.cpuSeconds().isPresent()
        ? OptionalDouble.of(flow.cpuSeconds().getAsDouble() * 100)
        : OptionalDouble.empty();
  }

  /** What happened, per second. */
  private static Function<NodeReading, OptionalDouble> rate(Function<NodeReading.Flow, OptionalDouble> amount) {
    return reading -> {
      OptionalDouble happened = reading.flow().map(amount).orElse(OptionalDouble.empty());
      return happened.isPresent()
          ? OptionalDouble.of(happened.getAsDouble() / reading.flow().orElseThrow().seconds())
          : OptionalDouble.empty();
    };
  }

  /** Over all nodes that have a value; 0 when none has. */
  private static MetricSample sum(List<Last> known, Function<NodeReading, OptionalDouble> valueOf) {
    Map<String, Double> nodes = new TreeMap<>();
    for (Last last : known) {
      // Two lives of one name are there for a moment while it restarts; together they are what the name has.
      valueOf.apply(last.reading()).ifPresent(value -> nodes.merge(last.node().name(), value, Double::sum));
    }
    double total = nodes.values().stream().mapToDouble(Double::doubleValue).sum();
    return new MetricSample(OptionalDouble.of(total), nodes, Map.of());
  }

  private static MetricSample averageSize(List<Last> known) {
    double bytes = 0;
    double messages = 0;
    Map<String, Double> nodes = new TreeMap<>();
    for (Last last : known) {
      NodeReading.Flow flow = last.reading().flow().orElse(null);
      double own = flow == null ? 0 : flow.messages().orElse(0);
      if (own > 0) {
        bytes += flow.bytes();
        messages += own;
        nodes.put(last.node().name(), flow.bytes() / own);
      }
    }
    return new MetricSample(ratio(bytes, messages), nodes, Map.of());
  }

  /** Without commands nothing failed: 0. */
  private static MetricSample errorRate(List<Last> known) {
    Map<String, Double> nodes = new TreeMap<>();
    Map<String, Double> commands = new TreeMap<>();
    Map<String, Double> faults = new TreeMap<>();
    for (NodeFlow at : flows(known)) {
      ratio(at.flow().allFaults(), at.flow().allCommands()).ifPresent(value -> nodes.put(at.node(), value));
      at.flow().commands().forEach((service, count) -> commands.merge(service, count, Double::sum));
      at.flow().faults().forEach((service, count) -> faults.merge(service, count, Double::sum));
    }
    Map<String, Double> services = new TreeMap<>();
    commands.forEach(
        (service, count) ->
            ratio(faults.getOrDefault(service, 0.0), count).ifPresent(value -> services.put(service, value)));
    double allCommands = commands.values().stream().mapToDouble(Double::doubleValue).sum();
    double allFaults = faults.values().stream().mapToDouble(Double::doubleValue).sum();
    return new MetricSample(OptionalDouble.of(ratio(allFaults, allCommands).orElse(0)), nodes, services);
  }

  private static MetricSample latency(List<Last> known, double part) {
    Latencies all = new Latencies();
    Map<String, Double> nodes = new TreeMap<>();
    Map<String, Latencies> byService = new TreeMap<>();
    for (NodeFlow at : flows(known)) {
      Latencies own = at.flow().allLatencies();
      all.add(own);
      own.quantileMs(part).ifPresent(value -> nodes.put(at.node(), value));
      at.flow()
          .latencies()
          .forEach((service, latencies) -> byService.computeIfAbsent(service, first -> new Latencies()).add(latencies));
    }
    Map<String, Double> services = new TreeMap<>();
    byService.forEach(
        (service, latencies) -> latencies.quantileMs(part).ifPresent(value -> services.put(service, value)));
    return new MetricSample(all.quantileMs(part), nodes, services);
  }

  private record NodeFlow(String node, NodeReading.Flow flow) {}

  private static List<NodeFlow> flows(List<Last> known) {
    return known.stream()
        .flatMap(last -> last.reading().flow().map(flow -> new NodeFlow(last.node().name(), flow)).stream())
        .toList();
  }

  private static OptionalDouble ratio(double part, double whole) {
    return whole > 0 ? OptionalDouble.of(part / whole) : OptionalDouble.empty();
  }

  private static MetricSample nodeCount(List<NodeInfo> live) {
    Map<String, Double> roles = new TreeMap<>();
    live.forEach(node -> node.roles().forEach(role -> roles.merge(role, 1.0, Double::sum)));
    return new MetricSample(OptionalDouble.of(live.size()), Map.of(), roles);
  }

  private static List<MeshNode> nodes(List<NodeInfo> live) {
    Map<String, MeshNode> sorted = new TreeMap<>();
    live.forEach(node -> sorted.put(node.id(), new MeshNode(node.id(), node.name(), List.copyOf(node.roles()))));
    return List.copyOf(new LinkedHashMap<>(sorted).values());
  }
}
