package io.madang.runtime.service;

import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.Topic;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Brings a service's publications to every gateway that wants them; to be used on the service's event loop. */
public interface Publisher {

  /** Sends what was committed, in this order; gateways without interest hear nothing. Never blocks, never fails. */
  void publish(List<Publication> publications);

  default void publish(Publication publication) {
    publish(List.of(publication));
  }

  /** Those of {@code topics} that some client in the mesh is subscribed to right now. */
  Set<Topic> wanted(Collection<Topic> topics);

  /** Whether some client in the mesh is subscribed right now. */
  boolean isWanted(Topic topic);
}
