package io.madang.dashboard;

import static io.madang.runtime.descriptor.ParameterType.clamped;
import static io.madang.runtime.descriptor.ParameterType.text;
import static io.madang.runtime.descriptor.ParameterType.whole;

import io.madang.contracts.dashboard.DashboardNames;
import io.madang.runtime.descriptor.CommandDescriptor;
import io.madang.runtime.descriptor.CommandDescriptor.IdKind;
import io.madang.runtime.descriptor.Parameter;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.descriptor.StreamDescriptor;
import io.madang.runtime.descriptor.TopicDescriptor;
import io.madang.runtime.inspect.Inspection;
import java.util.List;
import java.util.Optional;

/** What dashboard-service tells the mesh of itself. */
final class Offer {
  static final String INTERVAL = "intervalMs";
  static final String SYMBOL = "symbol";
  static final String MIN_LEVEL = "minLevel";
  private static final int MIN_INTERVAL_MS = 100;
  private static final int MAX_INTERVAL_MS = 60_000;
  private static final int MAX_SYMBOL = 16;
  private static final int MAX_LEVEL = 16;

  /** The role of those who may look into the mesh. */
  private static final String OPERATORS = "admin";

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
                TopicDescriptor.Pressure.CONFLATE)),
        List.of(
            current(config),
            onMetric(DashboardNames.SUBSCRIBE_TO_METRIC, config),
            unsubscribe(),
            inspectMesh()),
        List.of(streamTime(), streamStockPrices(), streamLogs(config)),
        List.of());
  }

  private static CommandDescriptor current(DashboardConfig config) {
    return guarded(CommandDescriptor.of(DashboardNames.CURRENT, IdKind.REPEATABLE), config);
  }

  private static CommandDescriptor unsubscribe() {
    return CommandDescriptor.of(
        DashboardNames.UNSUBSCRIBE_FROM_METRIC, IdKind.REPEATABLE, metric());
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
        config.logRole().equals(DashboardConfig.EVERYONE)
            ? Optional.empty()
            : Optional.of(config.logRole()));
  }
}
