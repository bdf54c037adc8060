package io.madang.gateway.edge.signalr.negotiation;

import io.madang.gateway.edge.relay.Fields;
import io.madang.gateway.edge.relay.Home;
import io.madang.gateway.edge.relay.RequestCodec;
import io.madang.gateway.edge.relay.Taker;
import io.madang.gateway.edge.relay.Waiting;
import io.madang.gateway.limit.DeadlineWheel.Deadline;
import io.madang.runtime.topic.Payload;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * Tells other gateways who goes on for whom, each until it says that it knows, and hears it from them. A gateway that stops tells
 * all; one that goes on for others tells whoever starts later, as its clients still have the tokens of those. On one event loop.
 *
 * <p>A word that is lost is said again every second, by the relay; who has not answered for ten, and is live all the same, is told
 * anew after {@link #AGAIN} or up to twice that. To each there is one word on its way at most.
 */
public final class HubHeirNews implements Home<Payload, Payload> {
  /** So long a gateway that stops waits for all to know, and then hands over all the same. */
  static final Duration TOLD_WITHIN = Duration.ofSeconds(3);

  static final Duration AGAIN = Duration.ofSeconds(1);

  private final String self;
  private final HubHeirs heirs;
  private final Around around;

  /** What each live gateway is known to know. */
  private final Map<String, Map<String, HubHeirs.Heir>> known = new HashMap<>();

  /** To whom something is on its way, or will be in a moment. */
  private final Set<String> beingTold = new HashSet<>();

  /** Set when this gateway stops: done when all know. */
  private Optional<Promise<Void>> allKnow = Optional.empty();

  /**
   * What is around it.
   *
   * @param others the other gateways that are live
   * @param at where the notes of one are heard
   * @param dice from 0 to below 1
   */
  public record Around(
      Supplier<? extends Collection<String>> others,
      Function<String, Home<Payload, Payload>> at,
      BiFunction<Duration, Runnable, Deadline> after,
      DoubleSupplier dice) {}

  /** Notes as they are. */
  public static final class Notes implements RequestCodec<Payload, Payload> {
    @Override
    public Payload receiving(Payload bytes) {
      return bytes;
    }

    @Override
    public Payload delivery(Payload bytes) {
      return bytes;
    }
  }

  public HubHeirNews(String self, HubHeirs heirs, Around around) {
    this.self = self;
    this.heirs = heirs;
    this.around = around;
  }

  /**
   * This gateway stops: if it has named its heir, all others are told.
   *
   * @return succeeds when all that are live know, or after {@link #TOLD_WITHIN}
   */
  public Future<Void> tellAll() {
    if (!heirs.isStopping(self)) {
      return Future.succeededFuture();
    }
    Promise<Void> promise = Promise.promise();
    allKnow = Optional.of(promise);
    Deadline unused = around.after().apply(TOLD_WITHIN, promise::tryComplete);
    tell();
    return promise.future();
  }

  /** Other gateways are live than before. */
  public void membersChanged() {
    known.keySet().retainAll(around.others().get());
    tell();
  }

  private void tell() {
    Map<String, HubHeirs.Heir> all = heirs.all();
    Set<String> ignorant = new HashSet<>(around.others().get());
    ignorant.removeIf(node -> all.equals(known.get(node)));
    if (ignorant.isEmpty()) {
      allKnow.ifPresent(Promise::tryComplete);
    } else if (heirs.isStopping(self) || heirs.isHeir(self)) {
      ignorant.stream().filter(beingTold::add).forEach(node -> say(node, all));
    }
  }

  private void say(String node, Map<String, HubHeirs.Heir> all) {
    around.at().apply(node).deliver(self, note(all), status -> {
      if (status == TAKEN) {
        beingTold.remove(node);
        known.put(node, all);
        tell();
      } else {
        double length = 1 + around.dice().getAsDouble();
        Deadline unused = around
            .after()
            .apply(Duration.ofMillis((long) (AGAIN.toMillis() * length)), () -> {
              beingTold.remove(node);
              tell();
            });
      }
    });
  }

  private static Payload note(Map<String, HubHeirs.Heir> all) {
    return Fields.write(out -> {
      out.number(all.size());
      for (Map.Entry<String, HubHeirs.Heir> each : all.entrySet()) {
        out.text(each.getKey());
        out.text(each.getValue().node());
        out.count(each.getValue().sinceMs());
      }
    });
  }

  private static Map<String, HubHeirs.Heir> read(Payload note) {
    return Fields.read(note, in -> {
      Map<String, HubHeirs.Heir> all = new HashMap<>();
      for (int left = in.number(); left > 0; left--) {
        all.put(in.text(), new HubHeirs.Heir(in.text(), in.count()));
      }
      return all;
    });
  }

  /** Another gateway tells what it knows. */
  @Override
  public void deliver(String teller, Payload note, IntConsumer outcome) {
    Map<String, HubHeirs.Heir> its = read(note);
    heirs.hear(its);
    known.put(teller, its);
    outcome.accept(TAKEN);
    tell();
  }

  @Override
  public Waiting receive(String teller, Payload request, Taker taker) {
    taker.end(UNKNOWN);
    return Waiting.FOR_NOTHING;
  }
}
