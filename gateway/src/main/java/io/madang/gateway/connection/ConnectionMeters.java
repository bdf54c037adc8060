package io.madang.gateway.connection;

import io.madang.protocol.code.CloseCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/** What a gateway counts of its connections; shared by all event loops. */
public final class ConnectionMeters {
  private final Counter framesIn;
  private final Counter framesOut;
  private final Counter badFrames;
  private final Counter errors;
  private final Counter bytesIn;
  private final Counter bytesOut;
  private final Map<CloseCode, Counter> closes = new EnumMap<>(CloseCode.class);

  public ConnectionMeters(MeterRegistry registry) {
    framesIn = counter(registry, "madang.frames", "in", "Frames from and to clients");
    framesOut = counter(registry, "madang.frames", "out", "Frames from and to clients");
    bytesIn = counter(registry, "madang.bytes", "in", "Bytes of messages from and to clients");
    bytesOut = counter(registry, "madang.bytes", "out", "Bytes of messages from and to clients");
    badFrames = Counter.builder("madang.bad.frames")
        .description("Messages from clients that are no frame")
        .register(registry);
    errors = Counter.builder("madang.errors")
        .description("Error frames sent to clients")
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

  private static Counter counter(
      MeterRegistry registry, String name, String direction, String description) {
    return Counter.builder(name)
        .description(description)
        .tag("direction", direction)
        .register(registry);
  }

  void frameIn() {
    framesIn.increment();
  }

  void frameOut() {
    framesOut.increment();
  }

  void badFrame() {
    badFrames.increment();
  }

  void error() {
    errors.increment();
  }

  void closed(CloseCode code) {
    closes.get(code).increment();
  }

  /** For edges: bytes of one message's text. */
  public void bytesIn(int bytes) {
    bytesIn.increment(bytes);
  }

  /** For edges: bytes of one message's text. */
  public void bytesOut(int bytes) {
    bytesOut.increment(bytes);
  }
}
