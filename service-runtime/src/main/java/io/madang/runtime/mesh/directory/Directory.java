package io.madang.runtime.mesh.directory;

import io.madang.runtime.command.Refusal;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.descriptor.TopicDescriptor;
import io.madang.runtime.hub.Hub;
import io.madang.runtime.topic.Topic;
import java.util.Collection;
import java.util.Optional;

/**
 * What the services of the mesh say of themselves, as far as this node knows. Safe on any thread: each change replaces the whole view.
 * A service stays known when its last node is gone: its absence is then "unavailable", not "unknown". So is everything that is not
 * known while this node is so young that it may not have heard of all services.
 */
public interface Directory {
  /** What is said of a service that is not known. */
  Refusal noSuchService();

  /** What is said of a topic that no known service owns. */
  Refusal noSuchTopic();

  /** The hub at a path, as all services together show it; the path as the client wrote it. */
  Optional<Hub> hub(String path);

  /** By name. */
  Collection<ServiceDescriptor> services();

  Optional<ServiceDescriptor> service(String name);

  /** Whose topic it is. */
  Optional<ServiceDescriptor> owner(Topic topic);

  /** What its owner says of topics like this. */
  Optional<TopicDescriptor> topic(Topic topic);
}
