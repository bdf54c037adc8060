package io.madang.contracts.dashboard;

/** The names and limits of dashboard-service that others build on. */
public final class DashboardNames {
  /** The service, as in {@code POST /api/dashboard/current}. */
  public static final String SERVICE = "dashboard";

  /** Prefix of the topic {@code metric:<name>}: one sample a second. */
  public static final String METRIC_PREFIX = "metric";

  /** The topic {@code dashboard}, which exists once: all metrics every five seconds. */
  public static final String DASHBOARD_TOPIC = "dashboard";

  /** Event of {@code metric:<name>}. */
  public static final String METRIC_EVENT = "metric";

  /** Event of {@code dashboard}. */
  public static final String DASHBOARD_EVENT = "dashboard";

  public static final String CURRENT = "current";
  public static final String SUBSCRIBE_TO_METRIC = "subscribeToMetric";
  public static final String UNSUBSCRIBE_FROM_METRIC = "unsubscribeFromMetric";

  public static final String INSPECT_MESH = "inspectMesh";

  public static final String STREAM_TIME = "streamTime";
  public static final String STREAM_STOCK_PRICES = "streamStockPrices";
  public static final String STREAM_LOGS = "streamLogs";

  /** Code points of a metric's name at most. */
  public static final int MAX_METRIC_NAME = 64;

  private DashboardNames() {}
}
