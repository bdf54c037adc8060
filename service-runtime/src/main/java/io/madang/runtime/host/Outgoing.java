package io.madang.runtime.host;

import io.madang.runtime.bus.BusMessage.Batch;
import io.madang.runtime.bus.BusMessage.BatchTaken;
import io.madang.runtime.bus.MeshBus;
import io.madang.runtime.inspect.NodeReport.Window;
import io.madang.runtime.interest.InterestTable;
import io.madang.runtime.service.Publisher;
import io.madang.runtime.time.NodeTime;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Gathers what the service publishes in one turn of its loop into one message per gateway, and sends again what a gateway does
 * not acknowledge: a {@link GatewayWindow} each, none of which waits for another. Keeps the {@link RecentPublications} for those
 * that missed something. One writer: the loop of the service.
 */
final class Outgoing implements Publisher {
  private final String service;
  private final MeshBus bus;
  private final InterestTable interest;
  private final Context loop;
  private final BatchLimits limits;
  private final BatchMeters meters;
  private final NodeTime time;
  private final RecentPublications recent;
  private final Map<String, GatewayWindow> windows = new LinkedHashMap<>();

  /** Gateways that are there and not heard. */
  private final Set<String> silent = new HashSet<>();

  /** Life of the last window, larger in each life of this host. */
  private long lastLife;

  /** Whether the end of the turn flushes. */
  private boolean flushing;

  /** Whether a timer for sending again runs. */
  private boolean ticking;

  /** Completed when nothing is owed any more; empty while nobody waits for that. */
  private Optional<Promise<Void>> settling = Optional.empty();

  Outgoing(
      String service,
      MeshBus bus,
      InterestTable interest,
      Context loop,
      BatchLimits limits,
      BatchMeters meters,
      NodeTime time) {
    this.service = service;
    this.bus = bus;
    this.interest = interest;
    this.loop = loop;
    this.limits = limits;
    this.meters = meters;
    this.time = time;
    this.recent = new RecentPublications(limits.recentBytes());
    this.lastLife = time.nanos();
  }

  @Override
  public void publish(List<Publication> publications) {
    bus.faults().beforePublishing();
    long now = nowMillis();
    boolean wanted = false;
    for (Publication publication : publications) {
      Set<String> gateways = interest.gateways(publication.topic());
      if (!gateways.isEmpty()) {
        wanted = true;
        recent.add(publication);
      }
      for (String gateway : gateways) {
        send(gateway, window(gateway).add(publication, now));
      }
    }
    if (wanted && !flushing) {
      flushing = true;
      loop.runOnContext(turnEnded -> flush());
    }
  }

  private GatewayWindow window(String gateway) {
    GatewayWindow window = windows.get(gateway);
    if (window == null) {
      window = new GatewayWindow(
          bus.node(), service, ++lastLife, limits, meters, silent.contains(gateway));
      windows.put(gateway, window);
    }
    return window;
  }

  private void flush() {
    flushing = false;
    long now = nowMillis();
    windows.forEach((gateway, window) -> send(gateway, window.flush(now)));
    tellIfSettled();
  }

  private void send(String gateway, List<Batch> batches) {
    batches.forEach(batch -> bus.send(gateway, batch));
    if (!batches.isEmpty() && !ticking) {
      ticking = true;
      loop.owner().setTimer(Math.max(1, limits.resendAfter().toMillis() / 2), late -> tick());
    }
  }

  private void tick() {
    ticking = false;
    long now = nowMillis();
    windows.forEach((gateway, window) -> send(gateway, window.tick(now)));
    tellIfSettled();
    boolean waiting = windows.values().stream().anyMatch(GatewayWindow::hasInFlight);
    if (waiting && !ticking) {
      ticking = true;
      loop.owner().setTimer(Math.max(1, limits.resendAfter().toMillis() / 2), late -> tick());
    }
  }

  void onTaken(BatchTaken message) {
    GatewayWindow window = windows.get(message.gateway());
    if (window != null && window.life() == message.life()) {
      send(message.gateway(), window.taken(message.numbers(), nowMillis()));
      tellIfSettled();
    }
  }

  void onSilent(String gateway) {
    silent.add(gateway);
    GatewayWindow window = windows.get(gateway);
    if (window != null) {
      window.fellSilent();
      tellIfSettled();
    }
  }

  void onReturned(String gateway) {
    silent.remove(gateway);
    GatewayWindow window = windows.get(gateway);
    if (window != null) {
      send(gateway, window.returned(nowMillis()));
    }
  }

  void onGone(String gateway) {
    silent.remove(gateway);
    windows.remove(gateway);
    tellIfSettled();
  }

  /** Completes when every gateway that is heard has what was published; for a host that publishes nothing any more. */
  Future<Void> settled() {
    Promise<Void> promise = Promise.promise();
    settling = Optional.of(promise);
    tellIfSettled();
    return promise.future();
  }

  private void tellIfSettled() {
    if (settling.isPresent() && windows.values().stream().noneMatch(GatewayWindow::owes)) {
      settling.get().tryComplete();
    }
  }

  /** What was published here of a topic behind a position, as {@link RecentPublications#after} tells it. */
  List<Publication> recent(Topic topic, StreamPosition position) {
    return recent.after(topic, position);
  }

  /** What is on its way to a gateway, for operators. */
  Window inspect(String gateway) {
    GatewayWindow window = windows.get(gateway);
    return window == null ? new Window(0, 0, 0, silent.contains(gateway)) : window.inspect();
  }

  private long nowMillis() {
    return time.millis();
  }

  @Override
  public Set<Topic> wanted(Collection<Topic> topics) {
    return topics.stream().filter(this::isWanted).collect(Collectors.toSet());
  }

  @Override
  public boolean isWanted(Topic topic) {
    return !interest.gateways(topic).isEmpty();
  }
}
