package io.madang.dashboard;

import static io.madang.runtime.descriptor.ParameterType.clamped;
import static io.madang.runtime.descriptor.ParameterType.text;
import static io.madang.runtime.descriptor.ParameterType.whole;

import io.madang.contracts.dashboard.DashboardNames;
import io.madang.dashboard.stream.LogStream;
import io.madang.runtime.descriptor.CommandDescriptor;
import io.madang.runtime.descriptor.CommandDescriptor.IdKind;
import io.madang.runtime.descriptor.Parameter;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.descriptor.StreamDescriptor;
import io.madang.runtime.descriptor.TopicDescriptor;
import io.madang.runtime.descriptor.UploadDescriptor;
import io.madang.runtime.inspect.Inspection;
import java.util.List;
import java.util.Optional;

/** What dashboard-service tells the mesh of itself. */
final class Offer {
  static final String INTERVAL = "intervalMs";
  static final String SYMBOL = "symbol";
  static final String MIN_LEVEL = "minLevel";
  static final String LEVEL = "level";
  private static final int MIN_INTERVAL_MS = 100;
  private static final int MAX_INTERVAL_MS = 60_000;
  private static final int MAX_SYMBOL = 16;
  private static final int MAX_LEVEL = 16;

  /** The role of those who may look into the mesh. */
  private static final String OPERATORS = "admin";

  /** Of one chunk as JSON. */
  private static final int MAX_CHUNK_BYTES = 64 * 1024;

  /** Of all chunks of a stream as JSON. */
  private static final long MAX_STREAM_BYTES = 1L << 30;

  private static final int MAX_VIEW = 16;
  private static final int MAX_TOPIC = 200;

  private Offer() {}

  static ServiceDescriptor of(DashboardConfig config) {
    return new ServiceDescriptor(
        DashboardNames.SERVICE,
        "1",
        List.of(
            TopicDescriptor.of(
                DashboardNames.METRIC_PREFIX,
                TopicDescriptor.History.WINDOW,
                TopicDescriptor.Pressure.CONFLATE),
            TopicDescriptor.of(
                DashboardNames.DASHBOARD_TOPIC,
                TopicDescriptor.History.NONE,
                TopicDescriptor.Pressure.CONFLATE),
            TopicDescriptor.of(
                DashboardNames.OPERATIONS_TOPIC,
                TopicDescriptor.History.NONE,
                TopicDescriptor.Pressure.DROP)),
        List.of(
            current(config),
            onMetric(DashboardNames.SUBSCRIBE_TO_METRIC, config),
            unsubscribe(),
            getCachedData(config),
            meshMetrics(),
            premiumFeature(),
            inspectMesh()),
        List.of(streamTime(), streamStockPrices(), streamLogs(config), streamLogsFrom(config)),
        List.of(
            UploadDescriptor.of(
                DashboardNames.PROCESS_DATA_STREAM, MAX_CHUNK_BYTES, MAX_STREAM_BYTES),
            UploadDescriptor.of(DashboardNames.UPLOAD_CHUNKS, MAX_CHUNK_BYTES, MAX_STREAM_BYTES)),
        List.of(),
        List.of(DashboardHubs.all()));
  }

  private static CommandDescriptor current(DashboardConfig config) {
    return guarded(CommandDescriptor.of(DashboardNames.CURRENT, IdKind.REPEATABLE), config);
  }

  private static CommandDescriptor unsubscribe() {
    return CommandDescriptor.of(
        DashboardNames.UNSUBSCRIBE_FROM_METRIC, IdKind.REPEATABLE, metric());
  }

  /** About a metric, so that one node keeps it. */
  private static CommandDescriptor getCachedData(DashboardConfig config) {
    return guarded(
        CommandDescriptor.of(
                DashboardNames.GET_CACHED_DATA,
                IdKind.REPEATABLE,
                Parameter.required("key", text(1, DashboardNames.MAX_METRIC_NAME)))
            .about(DashboardNames.METRIC_PREFIX, "key"),
        config);
  }

  private static CommandDescriptor meshMetrics() {
    return CommandDescriptor.of(DashboardNames.MESH_METRICS, IdKind.REPEATABLE)
        .requiring(DashboardNames.ADMIN_ROLE);
  }

  private static CommandDescriptor premiumFeature() {
    return CommandDescriptor.of(
            DashboardNames.PREMIUM_FEATURE,
            IdKind.REPEATABLE,
            Parameter.required("data", text(0, DashboardNames.MAX_PREMIUM_DATA)))
        .requiring(DashboardNames.PREMIUM_ROLE);
  }

  private static CommandDescriptor onMetric(String name, DashboardConfig config) {
    return guarded(CommandDescriptor.of(name, IdKind.REPEATABLE, metric()), config);
  }

  /** Topics' names tell who talks to whom, so no setting opens it. */
  private static CommandDescriptor inspectMesh() {
    return CommandDescriptor.of(
            DashboardNames.INSPECT_MESH,
            IdKind.REPEATABLE,
            Parameter.required("view", text(1, MAX_VIEW)),
            Parameter.optional("topic", text(1, MAX_TOPIC)),
            Parameter.optional("prefix", text(1, MAX_TOPIC)),
            Parameter.optional("top", whole(1, Inspection.MAX_TOP)))
        .requiring(OPERATORS);
  }

  private static Parameter metric() {
    return Parameter.required("metric", text(1, DashboardNames.MAX_METRIC_NAME));
  }

  private static CommandDescriptor guarded(CommandDescriptor command, DashboardConfig config) {
    return config.role().equals(DashboardConfig.EVERYONE)
        ? command
        : command.requiring(config.role());
  }

  private static StreamDescriptor streamTime() {
    return StreamDescriptor.of(
        DashboardNames.STREAM_TIME,
        Parameter.optional(INTERVAL, clamped(MIN_INTERVAL_MS, MAX_INTERVAL_MS), "1000"));
  }

  private static StreamDescriptor streamStockPrices() {
    return StreamDescriptor.of(
        DashboardNames.STREAM_STOCK_PRICES, Parameter.required(SYMBOL, text(1, MAX_SYMBOL)));
  }

  private static StreamDescriptor streamLogs(DashboardConfig config) {
    return new StreamDescriptor(
        DashboardNames.STREAM_LOGS,
        List.of(Parameter.optional(MIN_LEVEL, text(1, MAX_LEVEL), "\"INFO\"")),
        logRole(config));
  }

  private static StreamDescriptor streamLogsFrom(DashboardConfig config) {
    return new StreamDescriptor(
        DashboardNames.STREAM_LOGS_FROM,
        List.of(Parameter.required(LEVEL, whole(0, LogStream.MAX_NUMBER))),
        logRole(config));
  }

  private static Optional<String> logRole(DashboardConfig config) {
    return config.logRole().equals(DashboardConfig.EVERYONE)
        ? Optional.empty()
        : Optional.of(config.logRole());
  }
}
