package io.madang.runtime.mesh;

import io.madang.runtime.bus.BusMessage.Interest;
import io.madang.runtime.bus.BusMessage.InterestDigest;
import io.madang.runtime.bus.BusMessage.InterestTaken;
import io.madang.runtime.bus.BusMessage.InterestWanted;
import io.madang.runtime.bus.MeshBus;
import io.madang.runtime.inspect.NodeReport.Wanted;
import io.madang.runtime.interest.InterestSet;
import io.madang.runtime.membership.Membership;
import io.madang.runtime.mesh.directory.Directory;
import io.madang.runtime.service.ServiceUnavailableException;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A gateway's side of interest: the one writer of its sets, on the mesh loop. A topic is heard from the moment every live
 * node of its owner has said that it took the set with the topic in it.
 */
public final class GatewayLink {
  private static final long TAKEN_WITHIN_MS = 3_000;

  private static final class OfService {
    final InterestSet set;

    /** The version each node of the service last took; 0 for one that asked for the set and has not answered yet. */
    final Map<String, Long> taken = new HashMap<>();

    /** Those who wait for a version to be taken. */
    final List<Waiting> waiting = new ArrayList<>();

    OfService(InterestSet set) {
      this.set = set;
    }
  }

  private record Waiting(long version, Promise<Void> promise) {}

  private final Vertx vertx;
  private final Context loop;
  private final MeshBus bus;
  private final Membership membership;
  private final Directory directory;
  private final Map<String, OfService> services = new HashMap<>();

  GatewayLink(Vertx vertx, Context loop, MeshBus bus, Membership membership, Directory directory) {
    this.vertx = vertx;
    this.loop = loop;
    this.bus = bus;
    this.membership = membership;
    this.directory = directory;
  }

  /**
   * Wants a topic; wanting one twice is the same as once. On the mesh loop.
   *
   * @return succeeds when every publication from now on comes here; fails with {@link ServiceUnavailableException} when the
   *     owner's nodes do not answer; the topic stays wanted all the same
   */
  public Future<Void> want(Topic topic) {
    Optional<String> owner = directory.owner(topic).map(descriptor -> descriptor.service());
    if (owner.isEmpty()) {
      return Future.failedFuture(new ServiceUnavailableException("nobody owns " + topic.prefix()));
    }
    OfService of = of(owner.get());
    if (of.set.add(topic)) {
      flushAfterTurn(owner.get(), of);
    }
    long version = of.set.isDirty() ? of.set.version() + 1 : of.set.version();
    Promise<Void> promise = Promise.promise();
    of.waiting.add(new Waiting(version, promise));
    long timer = vertx.setTimer(
        TAKEN_WITHIN_MS,
        late -> promise.tryFail(new ServiceUnavailableException(
            "the nodes of " + owner.get() + " do not take our interest")));
    loop.runOnContext(turn -> settle(owner.get(), of));
    return promise.future().onComplete(settled -> vertx.cancelTimer(timer));
  }

  /** Ends wanting a topic. On the mesh loop. */
  public void unwant(Topic topic) {
    directory.owner(topic).ifPresent(descriptor -> {
      OfService of = of(descriptor.service());
      if (of.set.remove(topic)) {
        flushAfterTurn(descriptor.service(), of);
      }
    });
  }

  private OfService of(String service) {
    return services.computeIfAbsent(
        service, name -> new OfService(new InterestSet(bus.node(), name)));
  }

  private void flushAfterTurn(String service, OfService of) {
    loop.runOnContext(turn -> of.set
        .flush()
        .ifPresent(delta -> listeners(service, of).forEach(node -> bus.send(node, delta))));
  }

  void onTaken(InterestTaken message) {
    OfService of = of(message.service());
    of.taken.merge(message.node(), message.version(), Math::max);
    settle(message.service(), of);
  }

  void onWanted(InterestWanted message) {
    OfService of = of(message.service());
    of.taken.putIfAbsent(message.node(), 0L);
    Interest whole = of.set.whole();
    bus.send(message.node(), whole);
  }

  /** Tells every node the whole sets again: this process stood still, and what was said meanwhile may be lost. */
  void announceAgain() {
    services.forEach((service, of) -> {
      Interest whole = of.set.whole();
      listeners(service, of).forEach(node -> bus.send(node, whole));
    });
  }

  /** Asks those again who have not said that they took the newest version, as our word may be lost, or theirs. */
  void remind() {
    services.forEach((service, of) -> listeners(service, of).stream()
        .filter(node -> of.taken.getOrDefault(node, 0L) < of.set.version())
        .forEach(node -> bus.send(node, of.set.reminder())));
  }

  /** Nodes came, went or fell silent: some may not be waited for any more. */
  void onMembershipChanged() {
    services.forEach(this::settle);
  }

  void onGone(String node) {
    services.values().forEach(of -> of.taken.remove(node));
  }

  private void settle(String service, OfService of) {
    List<String> nodes = listeners(service, of);
    if (nodes.isEmpty()) {
      return;
    }
    long takenByAll =
        nodes.stream().mapToLong(node -> of.taken.getOrDefault(node, 0L)).min().orElse(0);
    of.waiting.removeIf(waiting -> {
      boolean taken = waiting.version() <= takenByAll;
      if (taken) {
        waiting.promise().tryComplete();
      }
      return taken || waiting.promise().future().isComplete();
    });
  }

  /** Nodes that publish for the service, or are about to. */
  private List<String> listeners(String service, OfService of) {
    Set<String> nodes = new TreeSet<>(membership.accepting(service));
    nodes.addAll(of.taken.keySet());
    nodes.removeIf(
        node -> membership.member(node).map(Membership.Member::suspected).orElse(true));
    return List.copyOf(nodes);
  }

  /** What this gateway wants of each service, and who has taken it. */
  List<Wanted> wanted() {
    List<Wanted> all = new ArrayList<>();
    services.forEach(
        (service, of) -> all.add(new Wanted(service, of.set.version(), of.set.size(), of.taken)));
    return all;
  }

  List<InterestDigest> digests() {
    return services.values().stream().map(of -> of.set.digest()).toList();
  }
}
