package io.madang.runtime.host;

import io.madang.runtime.metrics.MeterNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts what became of one service's batches, all gateways together. */
public final class BatchMeters {
  private final Counter sent;
  private final Counter resent;
  private final Counter givenUp;
  private final Counter blocked;
  private final Counter leftOut;
  private final Counter conflated;
  private final Counter dropped;

  public BatchMeters(MeterRegistry registry, String service) {
    sent = batches(registry, service, "sent");
    resent = batches(registry, service, "resent");
    givenUp = batches(registry, service, "given-up");
    blocked = batches(registry, service, "blocked");
    leftOut = publications(registry, service, "left-out");
    conflated = publications(registry, service, "conflated");
    dropped = publications(registry, service, "dropped");
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
