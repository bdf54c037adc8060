package io.madang.dashboard;

import static io.madang.runtime.descriptor.hub.HubMethod.command;
import static io.madang.runtime.descriptor.hub.HubMethod.stream;
import static io.madang.runtime.descriptor.hub.HubMethod.upload;
import static io.madang.runtime.descriptor.hub.HubValue.argument;
import static io.madang.runtime.descriptor.hub.HubValue.data;
import static io.madang.runtime.descriptor.hub.HubValue.member;
import static io.madang.runtime.descriptor.hub.HubValue.object;
import static io.madang.runtime.descriptor.hub.HubValue.topicId;

import io.madang.contracts.dashboard.DashboardNames;
import io.madang.runtime.descriptor.hub.CallerEvent;
import io.madang.runtime.descriptor.hub.HubCondition;
import io.madang.runtime.descriptor.hub.HubDescriptor;
import io.madang.runtime.descriptor.hub.HubGreeting;
import io.madang.runtime.descriptor.hub.HubListener;

/** How dashboard-service shows itself to clients that speak of hubs; docs/SIGNALR.md has the same as a table. */
final class DashboardHubs {
  private static final String UPDATE_DASHBOARD = "UpdateDashboard";
  private static final String UPDATE_METRIC = "UpdateMetric";
  private static final String METRICS_UPDATE = "MetricsUpdate";

  /** There is nothing in the first second. */
  private static final HubCondition ANYTHING = HubCondition.notEmpty("");

  private DashboardHubs() {}

  static HubDescriptor[] all() {
    return new HubDescriptor[] {
      dashboard(), metrics(), streaming(), processing(), optimized(), secure(), chat()
    };
  }

  private static HubDescriptor dashboard() {
    String topic = DashboardNames.DASHBOARD_TOPIC;
    return HubDescriptor.of("dashboard")
        .calling(
            command("SubscribeToMetric", DashboardNames.SUBSCRIBE_TO_METRIC, "metric")
                .telling(CallerEvent.of(UPDATE_METRIC, argument("metric"), member("last"))),
            command("UnsubscribeFromMetric", DashboardNames.UNSUBSCRIBE_FROM_METRIC, "metric"))
        .hearing(
            HubListener.of(
                DashboardNames.METRIC_PREFIX,
                DashboardNames.METRIC_EVENT,
                UPDATE_METRIC,
                topicId(),
                data()),
            HubListener.of(topic, DashboardNames.DASHBOARD_EVENT, UPDATE_DASHBOARD, data()),
            HubListener.of(topic, DashboardNames.ALERT_EVENT, "Alert", data()))
        .greeting(HubGreeting.subscribing(topic)
            .asking(
                DashboardNames.CURRENT, CallerEvent.of(UPDATE_DASHBOARD, data()).when(ANYTHING)));
  }

  /** Who may not hear of operations is connected and hears nothing. */
  private static HubDescriptor metrics() {
    return HubDescriptor.of("metrics")
        .hearing(HubListener.of(
            DashboardNames.OPERATIONS_TOPIC,
            DashboardNames.OPERATIONS_EVENT,
            METRICS_UPDATE,
            data()))
        .greeting(HubGreeting.subscribing(DashboardNames.OPERATIONS_TOPIC)
            .asking(
                DashboardNames.MESH_METRICS,
                CallerEvent.of(METRICS_UPDATE, data()).when(ANYTHING)));
  }

  private static HubDescriptor streaming() {
    return HubDescriptor.of("streaming")
        .calling(
            stream("StreamStockPrices", DashboardNames.STREAM_STOCK_PRICES, Offer.SYMBOL),
            stream("StreamLogs", DashboardNames.STREAM_LOGS, Offer.MIN_LEVEL),
            stream("StreamLogs", DashboardNames.STREAM_LOGS_FROM, Offer.LEVEL),
            stream("StreamTime", DashboardNames.STREAM_TIME));
  }

  private static HubDescriptor processing() {
    return HubDescriptor.of("processing")
        .calling(
            upload("ProcessDataStream", DashboardNames.PROCESS_DATA_STREAM)
                .tellingOfProgress(CallerEvent.of(
                    "ProcessingProgress",
                    object("processedChunks", member("processedChunks"))
                        .and("currentChunkId", member("currentChunkId"))))
                .answering(),
            upload("UploadChunks", DashboardNames.UPLOAD_CHUNKS).answering());
  }

  private static HubDescriptor optimized() {
    return HubDescriptor.of("optimized")
        .calling(command("GetCachedData", DashboardNames.GET_CACHED_DATA, "key").answering());
  }

  private static HubDescriptor secure() {
    return HubDescriptor.of("secure")
        .calling(command("PremiumFeature", DashboardNames.PREMIUM_FEATURE, "data")
            .telling(CallerEvent.of("PremiumResponse", member("summary"))));
  }

  private static HubDescriptor chat() {
    return HubDescriptor.of("chat")
        .calling(
            stream("StreamTime", DashboardNames.STREAM_TIME),
            upload("UploadChunks", DashboardNames.UPLOAD_CHUNKS).answering());
  }
}
