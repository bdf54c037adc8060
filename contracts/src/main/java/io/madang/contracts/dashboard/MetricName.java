package io.madang.contracts.dashboard;

import java.util.Arrays;
import java.util.Optional;

/** The metrics of the mesh; each is a topic {@code metric:<name>}. */
public enum MetricName {
  /** Clients connected now. */
  CONNECTIONS("connections"),
  /** Messages from clients per second. */
  MESSAGES_PER_SECOND("messagesPerSecond"),
  /** Publications brought to clients per second. */
  DELIVERIES_PER_SECOND("deliveriesPerSecond"),
  /** Bytes per message from clients; no value in a second without messages. */
  AVERAGE_SIZE("averageSize"),
  /** Part of the commands that ended in a fault, 0 to 1; what a service refuses is no error. */
  ERROR_RATE("errorRate"),
  /** Half of the commands took at most so many milliseconds in their service; no value without commands. */
  COMMAND_LATENCY_P50_MS("commandLatencyP50Ms"),
  /** 95 of 100 commands took at most so many milliseconds. */
  COMMAND_LATENCY_P95_MS("commandLatencyP95Ms"),
  /** 99 of 100 commands took at most so many milliseconds. */
  COMMAND_LATENCY_P99_MS("commandLatencyP99Ms"),
  /** Java heap in use, in units of 1,048,576 bytes. */
  HEAP_MB("heapMb"),
  /** Time of processors used, in percent of one processor. */
  CPU_PERCENT("cpuPercent"),
  /** Processes of the mesh. */
  NODES("nodes");

  private final String wire;

  MetricName(String wire) {
    this.wire = wire;
  }

  /** The name as clients write it. */
  public String wire() {
    return wire;
  }

  public static Optional<MetricName> of(String wire) {
    return Arrays.stream(values()).filter(name -> name.wire.equals(wire)).findFirst();
  }
}
