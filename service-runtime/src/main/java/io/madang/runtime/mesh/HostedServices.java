package io.madang.runtime.mesh;

import io.madang.runtime.host.ServiceHost;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The services that this process hosts. Written on the mesh loop; which there are is read on any thread, as each change replaces
 * the whole view. Each is told what concerns it on its own loop.
 */
final class HostedServices {
  /** @param deployment by which Vert.x knows it */
  private record Hosted(ServiceHost host, String deployment) {}

  private volatile Map<String, Hosted> serving = Map.of();

  /** Those that stop: gateways still acknowledge what these published. */
  private final Map<String, Hosted> leaving = new LinkedHashMap<>();

  /** Those that serve or served: their health says how they are, and nobody misses them here. */
  private final Set<String> ever = new HashSet<>();

  void add(ServiceHost host, String deployment) {
    String service = host.descriptor().service();
    Map<String, Hosted> changed = new LinkedHashMap<>(serving);
    changed.put(service, new Hosted(host, deployment));
    serving = changed;
    ever.add(service);
  }

  /** It begins to stop, until {@link #left}; its deployment, or empty when it does not serve. */
  Optional<String> leave(String service) {
    Map<String, Hosted> changed = new LinkedHashMap<>(serving);
    Hosted left = changed.remove(service);
    if (left == null) {
      return Optional.empty();
    }
    serving = changed;
    leaving.put(left.deployment, left);
    return Optional.of(left.deployment);
  }

  void left(String deployment) {
    leaving.remove(deployment);
  }

  /** Names of those that serve; safe on any thread. */
  Set<String> names() {
    return serving.keySet();
  }

  Collection<ServiceHost> hosts() {
    return serving.values().stream().map(Hosted::host).toList();
  }

  boolean isOurs(String service) {
    return ever.contains(service);
  }

  /** Whether it takes commands; safe on any thread. */
  boolean isAccepting(String service) {
    Hosted hosted = serving.get(service);
    return hosted != null && hosted.host.isAccepting();
  }

  /** Names of those that take commands. */
  List<String> accepting() {
    return names().stream().filter(this::isAccepting).toList();
  }

  /** False when it does not serve here. */
  boolean tell(String service, Consumer<ServiceHost> work) {
    Hosted hosted = serving.get(service);
    if (hosted != null) {
      tell(hosted.host, work);
    }
    return hosted != null;
  }

  /** Those of this name that stop are told as well. */
  void tellAlsoLeaving(String service, Consumer<ServiceHost> work) {
    tell(service, work);
    for (Hosted hosted : new ArrayList<>(leaving.values())) {
      if (hosted.host.descriptor().service().equals(service)) {
        tell(hosted.host, work);
      }
    }
  }

  void tellAll(Consumer<ServiceHost> work) {
    serving.values().forEach(hosted -> tell(hosted.host, work));
  }

  private static void tell(ServiceHost host, Consumer<ServiceHost> work) {
    host.loop().runOnContext(turn -> work.accept(host));
  }
}
