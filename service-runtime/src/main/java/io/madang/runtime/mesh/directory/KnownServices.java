package io.madang.runtime.mesh.directory;

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

/** The {@link Directory} of one node and its one writer. Written on the mesh loop, by what this node hosts and others tell. */
public final class KnownServices implements Directory {
  private static final Logger LOG = LoggerFactory.getLogger(KnownServices.class);

  /** @param owners service by topic prefix */
  private record View(
      Map<String, ServiceDescriptor> services, Map<String, ServiceDescriptor> owners, Hubs hubs) {}

  private static final long UNSETTLED_RETRY_MS = 1_000;

  private volatile View view = new View(Map.of(), Map.of(), Hubs.NONE);

  /** Whether what is not known here is not there. */
  private volatile boolean settled;

  /** Every service that is there had time to say so. */
  public void settle() {
    settled = true;
  }

  @Override
  public Refusal noSuchService() {
    return no("unknown-service", "There is no service of that name in the mesh.");
  }

  @Override
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
  public boolean announce(ServiceDescriptor descriptor) {
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

  @Override
  public Optional<Hub> hub(String path) {
    return view.hubs().at(path);
  }

  @Override
  public Collection<ServiceDescriptor> services() {
    return view.services().values();
  }

  @Override
  public Optional<ServiceDescriptor> service(String name) {
    return Optional.ofNullable(view.services().get(name));
  }

  @Override
  public Optional<ServiceDescriptor> owner(Topic topic) {
    return Optional.ofNullable(view.owners().get(topic.prefix()));
  }

  @Override
  public Optional<TopicDescriptor> topic(Topic topic) {
    return owner(topic).flatMap(owner -> owner.topic(topic.prefix()));
  }
}
