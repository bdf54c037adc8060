package io.madang.runtime.mesh;

import io.madang.runtime.bus.Question;
import io.madang.runtime.bus.Reply;
import io.madang.runtime.descriptor.Observes;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.membership.Membership;
import io.madang.runtime.membership.Rendezvous;
import io.madang.runtime.mesh.ask.Asker;
import io.madang.runtime.mesh.directory.Directory;
import io.madang.runtime.service.Observation;
import io.madang.runtime.service.Observation.Observed;
import io.madang.runtime.topic.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells the services that observe clients who is connected and subscribed at this gateway. One writer: the gateway's mesh
 * loop. Changes go out at the next tick, a sign of life at least every second; one message is under way per service.
 */
public final class ClientObservers {
  static final int TICK_MS = 100;
  private static final int SIGN_OF_LIFE_TICKS = 1_000 / TICK_MS;
  private static final int ANSWER_MS = 2_000;

  /** What one observing service was told. */
  private static final class Told {
    /** Version the service has; 0: it must be told everything. */
    long version;

    /** What goes into the next message. */
    final Map<Observed, Boolean> changes = new LinkedHashMap<>();

    boolean underWay;
    int ticksSinceTold;
  }

  private final String gateway;
  private final Membership membership;
  private final Directory directory;
  private final Asker asker;

  /** Every connection and subscription of this gateway. */
  private final Map<Observed, Boolean> clients = new LinkedHashMap<>();

  private final Map<String, Told> services = new HashMap<>();

  /** Grows with every message, so that a version names one set. */
  private long lastVersion;

  ClientObservers(String gateway, Membership membership, Directory directory, Asker asker) {
    this.gateway = gateway;
    this.membership = membership;
    this.directory = directory;
    this.asker = asker;
  }

  /** A connection is authenticated, or a subscription stands. On the mesh loop, as all below. */
  public void arrived(Observed observed) {
    if (clients.put(observed, true) == null) {
      note(observed, true);
    }
  }

  public void departed(Observed observed) {
    if (clients.remove(observed) != null) {
      note(observed, false);
    }
  }

  private void note(Observed observed, boolean arrived) {
    for (Told told : services.values()) {
      // A change that takes back one not told yet leaves nothing to tell.
      if (told.changes.remove(observed, !arrived)) {
        continue;
      }
      told.changes.put(observed, arrived);
    }
  }

  void onTick() {
    for (ServiceDescriptor service : directory.services()) {
      if (!service.observes().isEmpty()) {
        tell(service, services.computeIfAbsent(service.service(), name -> new Told()));
      }
    }
  }

  private void tell(ServiceDescriptor service, Told told) {
    told.ticksSinceTold++;
    if (told.underWay
        || (told.changes.isEmpty()
            && told.version != 0
            && told.ticksSinceTold < SIGN_OF_LIFE_TICKS)) {
      return;
    }
    Optional<String> node = Rendezvous.choose(membership.accepting(service.service()), gateway);
    if (node.isEmpty()) {
      return;
    }
    long version = ++lastVersion;
    Observation observation =
        told.version == 0 ? whole(service, version) : delta(service, told, version);
    told.changes.clear();
    told.underWay = true;
    told.ticksSinceTold = 0;
    asker
        .ask(node.get(), service.service(), new Question.Observe(observation), ANSWER_MS)
        .onComplete(result -> {
          told.underWay = false;
          boolean taken = result.succeeded()
              && result.result() instanceof Reply.Observed observed
              && observed.taken();
          // What became of an unanswered message is unknown, so the next one tells everything.
          told.version = taken ? version : 0;
        });
  }

  private Observation whole(ServiceDescriptor service, long version) {
    List<Observed> all =
        clients.keySet().stream().filter(observed -> wants(service, observed)).toList();
    return new Observation(gateway, 0, version, all, List.of());
  }

  private Observation delta(ServiceDescriptor service, Told told, long version) {
    List<Observed> arrived = new ArrayList<>();
    List<Observed> departed = new ArrayList<>();
    told.changes.forEach((observed, isNew) -> {
      if (wants(service, observed)) {
        (isNew ? arrived : departed).add(observed);
      }
    });
    return new Observation(gateway, told.version, version, arrived, departed);
  }

  private static boolean wants(ServiceDescriptor service, Observed observed) {
    for (Observes wanted : service.observes()) {
      boolean fits = wanted instanceof Observes.Subscriptions subscriptions
          ? !observed.isConnection()
              && Topic.parse(observed.topic()).prefix().equals(subscriptions.prefix())
          : observed.isConnection();
      if (fits) {
        return true;
      }
    }
    return false;
  }
}
