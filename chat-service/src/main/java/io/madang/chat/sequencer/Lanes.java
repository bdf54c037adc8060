package io.madang.chat.sequencer;

import io.madang.runtime.postgres.PostgresLink;
import io.madang.runtime.postgres.PostgresOptions;
import io.madang.runtime.topic.Topic;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * All changes of topics pass here, those of one topic through one {@link Lane} and so in the order they came. Other nodes have
 * lanes of their own: lanes group the work, correctness never depends on them.
 *
 * <p>Touched on the service's event loop only.
 */
public final class Lanes {
  private final List<Lane> lanes;

  private Lanes(List<Lane> lanes) {
    this.lanes = lanes;
  }

  /**
   * Made on the service's event loop; connects with {@link #start}.
   *
   * @param count connections
   */
  public static Lanes create(
      Vertx vertx, PostgresOptions options, int count, LaneLimits limits, MeterRegistry metrics) {
    DistributionSummary sizes = DistributionSummary.builder("chat.group.size")
        .description("Messages in one call of the store")
        .register(metrics);
    List<Lane> lanes = Stream.generate(
            () -> new Lane(vertx, PostgresLink.create(vertx, options), limits, sizes::record))
        .limit(count)
        .toList();
    Gauge.builder(
            "chat.lanes.waiting",
            lanes,
            all -> all.stream().mapToInt(Lane::waiting).sum())
        .description("Commands that wait for the store")
        .register(metrics);
    return new Lanes(lanes);
  }

  public Future<?> start(Duration waitLimit) {
    return Future.all(lanes.stream().map(lane -> lane.link().start(waitLimit)).toList());
  }

  /**
   * Says something in a room.
   *
   * @return fails with {@link io.madang.runtime.store.StoreUnavailableException} when it was not even begun (busy), or when
   *     what became of it is not known
   */
  public Future<SendOutcome> send(Send send) {
    return laneOf(Topic.parse("room:" + send.room())).send(send);
  }

  /** Calls the store in order with everything else about {@code topic}; fails as {@link #send}. */
  public Future<Outcome> call(Topic topic, StoreCall call) {
    return laneOf(topic).call(call);
  }

  private Lane laneOf(Topic topic) {
    return lanes.get(Math.floorMod(topic.name().hashCode() * 0x9E3779B9, lanes.size()));
  }

  /** Fails what waits; succeeds when what is under way has ended. */
  public Future<?> close() {
    return Future.join(lanes.stream().map(Lane::close).toList());
  }
}
