package io.madang.dashboard.stream;

import io.madang.contracts.dashboard.DashboardJson;
import io.madang.runtime.service.StreamSink;
import io.madang.runtime.topic.Payload;
import io.vertx.core.Vertx;
import java.time.Clock;

/** A demo: one step of a {@link PriceWalk} each second. A reader without credit misses steps, as on a real market. */
public final class PriceStream {
  private static final long EVERY_MS = 1_000;

  private PriceStream() {}

  /** Sends at once, then each second, until the reader cancels. */
  public static void open(Vertx vertx, Clock clock, String symbol, StreamSink sink) {
    PriceWalk walk = new PriceWalk(symbol);
    sink.item(item(symbol, walk.next(), clock));
    long timer = vertx.setPeriodic(EVERY_MS, tick -> sink.item(item(symbol, walk.next(), clock)));
    sink.onCancel(() -> vertx.cancelTimer(timer));
  }

  private static Payload item(String symbol, PriceWalk.Step step, Clock clock) {
    return Payload.wrap(DashboardJson.price(symbol, step.price(), step.volume(), clock.instant().toString()));
  }
}
