package io.madang.dashboard.metric;

import io.madang.runtime.metrics.MeterNames;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What one process's counters say of one second.
 *
 * @param connections of clients now; absent on a process that holds none
 * @param heapMb in use now
 * @param flow what happened since its counters were read before; absent the first time
 */
record NodeReading(OptionalDouble connections, OptionalDouble heapMb, Optional<Flow> flow) {
  private static final double BYTES_PER_MB = 1_048_576;
  private static final String TIMED = MeterNames.COMMAND_TIME + MeterNames.COUNT;
  private static final String TIMED_UP_TO = MeterNames.COMMAND_TIME + MeterNames.BUCKET;

  /**
   * What happened between two readings of one process.
   *
   * @param seconds between the two
   * @param messages from clients; absent on a process that holds none
   * @param bytes of these messages
   * @param deliveries to clients; absent on a process that holds none
   * @param cpuSeconds used; absent when the process cannot tell
   * @param commands carried out, by service
   * @param faults among them, by service
   * @param latencies of them, by service
   */
  record Flow(
      double seconds,
      OptionalDouble messages,
      double bytes,
      OptionalDouble deliveries,
      OptionalDouble cpuSeconds,
      Map<String, Double> commands,
      Map<String, Double> faults,
      Map<String, Latencies> latencies) {

    double allCommands() {
      return commands.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    double allFaults() {
      return faults.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    Latencies allLatencies() {
      Latencies all = new Latencies();
      latencies.values().forEach(all::add);
      return all;
    }
  }

  static NodeReading first(Counters now) {
    return new NodeReading(
        gauge(now, MeterNames.CONNECTIONS, 1),
        gauge(now, MeterNames.HEAP_BYTES, BYTES_PER_MB),
        Optional.empty());
  }

  /** @param seconds between the two, above 0 */
  static NodeReading between(Counters before, Counters now, double seconds) {
    Growth growth = new Growth(before, now);
    Flow flow = new Flow(
        seconds,
        grown(growth, now, MeterNames.MESSAGES, NodeReading::isFromClient),
        growth.total(MeterNames.MESSAGE_BYTES, NodeReading::isFromClient),
        grown(growth, now, MeterNames.DELIVERIES, meter -> true),
        grown(growth, now, MeterNames.CPU_SECONDS, meter -> true),
        growth.by(MeterNames.COMMANDS, NodeReading::serviceOf),
        faults(growth),
        latencies(growth));
    NodeReading gauges = first(now);
    return new NodeReading(gauges.connections(), gauges.heapMb(), Optional.of(flow));
  }

  private static OptionalDouble gauge(Counters now, String name, double unit) {
    return now.has(name) ? OptionalDouble.of(now.total(name) / unit) : OptionalDouble.empty();
  }

  private static OptionalDouble grown(
      Growth growth, Counters now, String name, Predicate<Counters.Meter> counts) {
    return now.has(name) ? OptionalDouble.of(growth.total(name, counts)) : OptionalDouble.empty();
  }

  private static boolean isFromClient(Counters.Meter meter) {
    return meter.tag(MeterNames.DIRECTION).equals(MeterNames.IN);
  }

  private static String serviceOf(Counters.Meter meter) {
    return meter.tag(MeterNames.SERVICE);
  }

  private record Outcome(String service, String outcome) {}

  private static Map<String, Double> faults(Growth growth) {
    Map<String, Double> faults = new HashMap<>();
    growth
        .by(
            MeterNames.COMMANDS,
            meter -> new Outcome(serviceOf(meter), meter.tag(MeterNames.OUTCOME)))
        .forEach((key, count) -> {
          if (key.outcome().equals(MeterNames.FAULT)) {
            faults.put(key.service(), count);
          }
        });
    return faults;
  }

  private record Bucket(String service, double bound) {}

  private static Map<String, Latencies> latencies(Growth growth) {
    Map<String, Double> totals = growth.by(TIMED, NodeReading::serviceOf);
    Map<String, Map<Double, Double>> buckets = new HashMap<>();
    growth
        .by(TIMED_UP_TO, meter -> new Bucket(serviceOf(meter), boundOf(meter)))
        .forEach((bucket, count) -> {
          if (!Double.isNaN(bucket.bound())) {
            buckets
                .computeIfAbsent(bucket.service(), first -> new HashMap<>())
                .put(bucket.bound(), count);
          }
        });
    Set<String> services = new HashSet<>(totals.keySet());
    services.retainAll(buckets.keySet());
    Map<String, Latencies> latencies = new HashMap<>();
    for (String service : services) {
      Latencies of = new Latencies();
      of.add(buckets.get(service), totals.get(service));
      latencies.put(service, of);
    }
    return latencies;
  }

  /** NaN for a bound that is no number. */
  private static double boundOf(Counters.Meter meter) {
    try {
      return Double.parseDouble(meter.tag(MeterNames.UP_TO).replace("+Inf", "Infinity"));
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
