package io.madang.dashboard.stream;

import io.madang.contracts.dashboard.DashboardJson;
import io.madang.runtime.service.StreamSink;
import io.madang.runtime.topic.Payload;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;

/** The time, over and over. A reader without credit misses some: an old time is worth nothing. */
public final class TimeStream {
  private TimeStream() {}

  /** Sends at once, then each {@code interval}, until the reader cancels. */
  public static void open(Vertx vertx, Clock clock, Duration interval, StreamSink sink) {
    sink.item(now(clock));
    long timer = vertx.setPeriodic(interval.toMillis(), tick -> sink.item(now(clock)));
    sink.onCancel(() -> vertx.cancelTimer(timer));
  }

  private static Payload now(Clock clock) {
    return Payload.wrap(DashboardJson.text(clock.instant().toString()));
  }
}
