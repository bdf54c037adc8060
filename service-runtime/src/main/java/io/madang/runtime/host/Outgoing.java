package io.madang.runtime.host;

import io.madang.runtime.bus.BusMessage.Batch;
import io.madang.runtime.bus.MeshBus;
import io.madang.runtime.interest.InterestTable;
import io.madang.runtime.service.Publisher;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Gathers what the service publishes in one turn of its loop into one message per gateway. One writer: the loop of the
 * service.
 */
final class Outgoing implements Publisher {
  /** A batch of this many publications leaves before the turn ends, so that one message stays of bounded size. */
  static final int MAX_BATCH = 256;

  private final String service;
  private final MeshBus bus;
  private final InterestTable interest;
  private final Context loop;

  /** What leaves at the end of the turn, by gateway. */
  private final Map<String, List<Publication>> waiting = new LinkedHashMap<>();

  Outgoing(String service, MeshBus bus, InterestTable interest, Context loop) {
    this.service = service;
    this.bus = bus;
    this.interest = interest;
    this.loop = loop;
  }

  @Override
  public void publish(List<Publication> publications) {
    boolean idle = waiting.isEmpty();
    for (Publication publication : publications) {
      for (String gateway : interest.gateways(publication.topic())) {
        List<Publication> batch = waiting.computeIfAbsent(gateway, g -> new ArrayList<>());
        batch.add(publication);
        if (batch.size() >= MAX_BATCH) {
          waiting.remove(gateway);
          bus.send(gateway, new Batch(bus.node(), service, batch));
        }
      }
    }
    if (idle && !waiting.isEmpty()) {
      loop.runOnContext(turnEnded -> flush());
    }
  }

  private void flush() {
    waiting.forEach((gateway, batch) -> bus.send(gateway, new Batch(bus.node(), service, batch)));
    waiting.clear();
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
