package io.madang.runtime.interest;

import io.madang.runtime.bus.BusMessage.Interest;
import io.madang.runtime.bus.BusMessage.InterestDigest;
import io.madang.runtime.topic.Topic;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What one service node knows of every gateway's set. One writer: the loop of the service. */
public final class InterestTable {
  private static final class Known {
    /** Version of the set; 0 before the first whole set came. */
    long version;

    /** Of {@link #topics}. */
    long hash;

    final Set<Topic> topics = new HashSet<>();
  }

  private final Map<String, Known> byGateway = new HashMap<>();
  private final Map<Topic, Set<String>> byTopic = new HashMap<>();

  /** Takes a delta or a whole set. False when it does not build on what is known: the whole set is needed. */
  public boolean take(Interest interest) {
    Known known = byGateway.computeIfAbsent(interest.gateway(), gateway -> new Known());
    if (interest.version() < known.version) {
      // Overtaken by what came later.
      return true;
    }
    if (interest.baseVersion() == 0) {
      for (Topic topic : Set.copyOf(known.topics)) {
        drop(interest.gateway(), known, topic);
      }
    } else if (interest.version() == known.version) {
      return true;
    } else if (interest.baseVersion() != known.version) {
      return false;
    }
    interest.added().forEach(topic -> add(interest.gateway(), known, topic));
    interest.removed().forEach(topic -> drop(interest.gateway(), known, topic));
    known.version = interest.version();
    return true;
  }

  private void add(String gateway, Known known, Topic topic) {
    if (known.topics.add(topic)) {
      known.hash += TopicHash.of(topic);
      byTopic.computeIfAbsent(topic, t -> new HashSet<>()).add(gateway);
    }
  }

  private void drop(String gateway, Known known, Topic topic) {
    if (known.topics.remove(topic)) {
      known.hash -= TopicHash.of(topic);
      Set<String> gateways = byTopic.get(topic);
      gateways.remove(gateway);
      if (gateways.isEmpty()) {
        byTopic.remove(topic);
      }
    }
  }

  /** False when the gateway's set differs from what is known of it although the versions are equal, or is older here. */
  public boolean matches(String gateway, InterestDigest digest) {
    Known known = byGateway.get(gateway);
    if (known == null || known.version < digest.version()) {
      return false;
    }
    return known.version > digest.version() || known.hash == digest.hash();
  }

  /** Whether the set of {@code gateway} is known. */
  public boolean has(String gateway) {
    Known known = byGateway.get(gateway);
    return known != null && known.version > 0;
  }

  public void remove(String gateway) {
    Known known = byGateway.remove(gateway);
    if (known != null) {
      Set.copyOf(known.topics).forEach(topic -> drop(gateway, known, topic));
    }
  }

  /** Who wants {@code topic}. */
  public Set<String> gateways(Topic topic) {
    return byTopic.getOrDefault(topic, Set.of());
  }
}
