package io.madang.runtime.host;

import io.madang.runtime.inspect.NodeReport.Reader;
import io.madang.runtime.inspect.NodeReport.Window;
import io.madang.runtime.metrics.MeterNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** Counts what became of one service's batches, all gateways together. */
public final class BatchMeters {
  private final Counter sent;
  private final Counter resent;
  private final Counter givenUp;
  private final Counter blocked;
  private final Counter leftOut;
  private final Counter conflated;
  private final Counter dropped;
  private final MultiGauge inFlight;
  private final MultiGauge bytesInFlight;

  public BatchMeters(MeterRegistry registry, String service) {
    sent = batches(registry, service, MeterNames.SENT);
    resent = batches(registry, service, MeterNames.RESENT);
    givenUp = batches(registry, service, MeterNames.GIVEN_UP);
    blocked = batches(registry, service, MeterNames.BLOCKED);
    leftOut = publications(registry, service, MeterNames.LEFT_OUT);
    conflated = publications(registry, service, "conflated");
    dropped = publications(registry, service, "dropped");
    inFlight = MultiGauge.builder(MeterNames.IN_FLIGHT)
        .description("Batches that a gateway has not acknowledged")
        .tag(MeterNames.SERVICE, service)
        .register(registry);
    bytesInFlight = MultiGauge.builder(MeterNames.BYTES_IN_FLIGHT)
        .description("About how many bytes of batches a gateway has not acknowledged")
        .tag(MeterNames.SERVICE, service)
        .register(registry);
  }

  private static Counter batches(MeterRegistry registry, String service, String outcome) {
    return Counter.builder(MeterNames.BATCHES)
        .description("Batches sent, sent again, given up, and how often a gateway took no more")
        .tag(MeterNames.SERVICE, service)
        .tag(MeterNames.OUTCOME, outcome)
        .register(registry);
  }

  private static Counter publications(MeterRegistry registry, String service, String outcome) {
    return Counter.builder(MeterNames.UNSENT)
        .description("Publications that a gateway was not sent as they were")
        .tag(MeterNames.SERVICE, service)
        .tag(MeterNames.OUTCOME, outcome)
        .register(registry);
  }

  /** What each gateway has on its way now; one that is not among them is not shown any more. */
  void onItsWay(List<Reader> gateways) {
    inFlight.register(rows(gateways, window -> (long) window.batches()), true);
    bytesInFlight.register(rows(gateways, Window::bytes), true);
  }

  /** Two lives of one gateway, of which one is about to be gone, are shown together. */
  private static List<Row<?>> rows(List<Reader> gateways, ToLongFunction<Window> figure) {
    Map<String, Long> byName = new TreeMap<>();
    for (Reader reader : gateways) {
      String id = reader.gateway();
      String name = id.substring(0, Math.max(0, id.lastIndexOf('.')));
      byName.merge(name, figure.applyAsLong(reader.window()), Long::sum);
    }
    List<Row<?>> rows = new ArrayList<>();
    byName.forEach((name, value) -> rows.add(Row.of(Tags.of(MeterNames.GATEWAY, name), value)));
    return rows;
  }

  void sent() {
    sent.increment();
  }

  void resent() {
    resent.increment();
  }

  /** A batch was sent often enough: its gateway is told where its topics stood instead. */
  void givenUp() {
    givenUp.increment();
  }

  /** A gateway began to be sent nothing. */
  void blocked() {
    blocked.increment();
  }

  /** So many publications became a position, which the gateway reads from behind its own. */
  void leftOut(int publications) {
    leftOut.increment(publications);
  }

  /** A newer value took the place of one that waited. */
  void conflated() {
    conflated.increment();
  }

  /** An ephemeral one is gone. */
  void dropped() {
    dropped.increment();
  }
}
