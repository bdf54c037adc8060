package io.madang.runtime.mesh;

import io.madang.runtime.command.Refusal;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.descriptor.TopicDescriptor;
import io.madang.runtime.hub.Hub;
import io.madang.runtime.hub.Hubs;
import io.madang.runtime.topic.Topic;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the services of the mesh say of themselves. Written on the mesh loop; read on any thread, as each change replaces the
 * whole view. A service stays known when its last node is gone: its absence is then "unavailable", not "unknown". So is
 * everything that is not known while this node is so young that it may not have heard of all services.
 */
public final class Directory {
  private static final Logger LOG = LoggerFactory.getLogger(Directory.class);

  /** @param owners service by topic prefix */
  private record View(
      Map<String, ServiceDescriptor> services, Map<String, ServiceDescriptor> owners, Hubs hubs) {}

  private static final long UNSETTLED_RETRY_MS = 1_000;

  private volatile View view = new View(Map.of(), Map.of(), Hubs.NONE);

  /** Whether what is not known here is not there. */
  private volatile boolean settled;

  /** Every service that is there had time to say so. */
  void settle() {
    settled = true;
  }

  /** What is said of a service that is not known. */
  Refusal noSuchService() {
    return no("unknown-service", "There is no service of that name in the mesh.");
  }

  /** What is said of a topic that no known service owns. Safe on any thread. */
  public Refusal noSuchTopic() {
    return no("unknown-topic", "There is no such topic in the mesh.");
  }

  private Refusal no(String code, String message) {
    return settled
        ? Refusal.of(code, message)
        : Refusal.later(
            "unavailable", "This gateway has just started; try again.", UNSETTLED_RETRY_MS);
  }

  /**
   * Takes a node's word; a second claim to another service's topic prefix, or to its part of a hub, is refused. False when
   * refused.
   */
  boolean announce(ServiceDescriptor descriptor) {
    for (TopicDescriptor topic : descriptor.topics()) {
      ServiceDescriptor owner = view.owners().get(topic.prefix());
      if (owner != null && !owner.service().equals(descriptor.service())) {
        LOG.error(
            "The service {} claims the topics {}: which belong to {}; it is not taken into the mesh",
            descriptor.service(),
            topic.prefix(),
            owner.service());
        return false;
      }
    }
    Map<String, ServiceDescriptor> services = new TreeMap<>(view.services());
    services.put(descriptor.service(), descriptor);
    Map<String, ServiceDescriptor> owners = new HashMap<>();
    services
        .values()
        .forEach(each -> each.topics().forEach(topic -> owners.put(topic.prefix(), each)));
    Hubs hubs;
    try {
      hubs = view.hubs().with(services.values());
    } catch (Hubs.TwiceClaimedException e) {
      LOG.error(
          "The service {} claims {}; it is not taken into the mesh",
          descriptor.service(),
          e.getMessage());
      return false;
    }
    view = new View(services, owners, hubs);
    return true;
  }

  /** The hub at a path, as all services together show it; the path as the client wrote it. */
  public Optional<Hub> hub(String path) {
    return view.hubs().at(path);
  }

  /** By name. */
  public Collection<ServiceDescriptor> services() {
    return view.services().values();
  }

  public Optional<ServiceDescriptor> service(String name) {
    return Optional.ofNullable(view.services().get(name));
  }

  /** Whose topic it is. */
  public Optional<ServiceDescriptor> owner(Topic topic) {
    return Optional.ofNullable(view.owners().get(topic.prefix()));
  }

  /** What its owner says of topics like this. */
  public Optional<TopicDescriptor> topic(Topic topic) {
    return owner(topic).flatMap(owner -> owner.topic(topic.prefix()));
  }
}
