package io.madang.gateway.connection.measure;

import io.madang.protocol.code.CloseCode;
import io.madang.runtime.metrics.MeterNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** What a gateway counts of its connections; shared by all event loops. */
public final class ConnectionMeters {
  private final Counter messagesIn;
  private final Counter messagesOut;
  private final Counter badFrames;
  private final Counter errors;
  private final Counter bytesIn;
  private final Counter bytesOut;
  private final Counter deliveries;
  private final Counter lags;
  private final Counter leftOut;

  /** Connections that lag just now, of all loops. */
  private final AtomicInteger lagging = new AtomicInteger();

  private final Map<CloseCode, Counter> closes = new EnumMap<>(CloseCode.class);

  public ConnectionMeters(MeterRegistry registry) {
    messagesIn = messages(registry, MeterNames.IN);
    messagesOut = messages(registry, MeterNames.OUT);
    bytesIn = bytes(registry, MeterNames.IN);
    bytesOut = bytes(registry, MeterNames.OUT);
    deliveries = Counter.builder(MeterNames.DELIVERIES)
        .description("Publications sent to clients")
        .register(registry);
    badFrames = Counter.builder("madang.bad.frames")
        .description("Messages from clients that are no frame")
        .register(registry);
    errors = Counter.builder("madang.errors")
        .description("Error frames sent to clients")
        .register(registry);
    lags = Counter.builder("madang.lags")
        .description("How often a client began to read too slowly")
        .register(registry);
    leftOut = Counter.builder("madang.left.out.ephemerals")
        .description("Ephemeral publications that a client was not sent as it reads slowly")
        .register(registry);
    Gauge.builder(MeterNames.LAGGING, lagging, AtomicInteger::get)
        .description(
            "Clients that read too slowly and are brought no publications until they have read")
        .register(registry);
    for (CloseCode code : CloseCode.values()) {
      closes.put(
          code,
          Counter.builder("madang.closes")
              .description("Connections closed by the gateway")
              .tag("code", code.label())
              .register(registry));
    }
  }

  private static Counter messages(MeterRegistry registry, String direction) {
    return Counter.builder(MeterNames.MESSAGES)
        .description("Messages from and to clients")
        .tag(MeterNames.DIRECTION, direction)
        .register(registry);
  }

  private static Counter bytes(MeterRegistry registry, String direction) {
    return Counter.builder(MeterNames.MESSAGE_BYTES)
        .description("Bytes of messages from and to clients")
        .tag(MeterNames.DIRECTION, direction)
        .register(registry);
  }

  public void delivery() {
    deliveries.increment();
  }

  /** So many publications were written, in messages of so many bytes together. */
  void publicationsOut(long count, long bytes) {
    deliveries.increment((double) count);
    messagesOut.increment((double) count);
    bytesOut.increment((double) bytes);
  }

  public void lagBegan() {
    lags.increment();
    lagging.incrementAndGet();
  }

  public void lagEnded() {
    lagging.decrementAndGet();
  }

  /** An ephemeral publication was not sent. */
  public void leftOut() {
    leftOut.increment();
  }

  public void badFrame() {
    badFrames.increment();
  }

  public void error() {
    errors.increment();
  }

  public void closed(CloseCode code) {
    closes.get(code).increment();
  }

  /** For edges: a whole message came, frame or not. */
  public void messageIn(int bytes) {
    messagesIn.increment();
    bytesIn.increment(bytes);
  }

  /** For edges: a message was written. */
  public void messageOut(int bytes) {
    messagesOut.increment();
    bytesOut.increment(bytes);
  }
}
