package io.madang.contracts.dashboard;

/** The names and limits of dashboard-service that others build on. */
public final class DashboardNames {
  /** The service, as in {@code POST /api/dashboard/current}. */
  public static final String SERVICE = "dashboard";

  /** Prefix of the topic {@code metric:<name>}: one sample a second. */
  public static final String METRIC_PREFIX = "metric";

  /** The topic {@code dashboard}, which exists once: all metrics every five seconds. */
  public static final String DASHBOARD_TOPIC = "dashboard";

  /** The topic that tells operators how busy the mesh is; never kept. */
  public static final String OPERATIONS_TOPIC = "operations";

  /** Event of {@link #OPERATIONS_TOPIC}. */
  public static final String OPERATIONS_EVENT = "operations";

  /** Event of {@code dashboard}: a metric has passed a limit, or come back; never kept. */
  public static final String ALERT_EVENT = "alert";

  /** Event of {@code metric:<name>}. */
  public static final String METRIC_EVENT = "metric";

  /** Event of {@code dashboard}. */
  public static final String DASHBOARD_EVENT = "dashboard";

  public static final String CURRENT = "current";
  public static final String SUBSCRIBE_TO_METRIC = "subscribeToMetric";
  public static final String UNSUBSCRIBE_FROM_METRIC = "unsubscribeFromMetric";

  public static final String INSPECT_MESH = "inspectMesh";

  /** A metric's ten minutes in some numbers, kept for a while. */
  public static final String GET_CACHED_DATA = "getCachedData";

  /** What {@link #OPERATIONS_TOPIC} tells, now. */
  public static final String MESH_METRICS = "meshMetrics";

  public static final String PREMIUM_FEATURE = "premiumFeature";
  public static final String PROCESS_DATA_STREAM = "processDataStream";
  public static final String UPLOAD_CHUNKS = "uploadChunks";

  /** The role that may use {@link #PREMIUM_FEATURE}. */
  public static final String PREMIUM_ROLE = "premium";

  /** The role that may hear {@link #OPERATIONS_TOPIC}. */
  public static final String ADMIN_ROLE = "admin";

  /** Code points that {@link #PREMIUM_FEATURE} reads at most. */
  public static final int MAX_PREMIUM_DATA = 10_000;

  public static final String STREAM_TIME = "streamTime";
  public static final String STREAM_STOCK_PRICES = "streamStockPrices";
  public static final String STREAM_LOGS = "streamLogs";

  /** {@link #STREAM_LOGS} for those who count levels. */
  public static final String STREAM_LOGS_FROM = "streamLogsFrom";

  /** Code points of a metric's name at most. */
  public static final int MAX_METRIC_NAME = 64;

  private DashboardNames() {}
}
