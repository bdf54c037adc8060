package io.madang.gateway.edge.signalr.meaning;

import io.madang.gateway.edge.signalr.session.HubSpeech;
import io.madang.gateway.edge.signalr.wire.HubFormat;
import io.madang.gateway.edge.signalr.wire.HubMessage;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.protocol.json.RawJson;
import io.madang.runtime.descriptor.hub.HubListener;
import io.madang.runtime.hub.Hub;
import io.madang.runtime.mesh.directory.Directory;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.Topic;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * How each hub says publications in each hub protocol: one object for all its connections at this gateway, so that a publication is
 * made once for all of them. What services show of a hub is looked up whenever a publication is made. Safe on any thread.
 */
public final class HubSpeeches {
  /** What is at a path now. */
  private final Function<String, Optional<Hub>> hubs;

  /** By hub and protocol; replaced as a whole. As many as there are hubs, twice. */
  private final AtomicReference<Map<Name, HubSpeech>> known = new AtomicReference<>(Map.of());

  private record Name(String hub, boolean isBinary) {}

  public HubSpeeches(Directory directory) {
    this(directory::hub);
  }

  /** @param hubs what is at a path now */
  HubSpeeches(Function<String, Optional<Hub>> hubs) {
    this.hubs = hubs;
  }

  /** The one object by which all connections of the hub that speak so hear publications. */
  public HubSpeech of(String hub, HubFormat format) {
    Name name = new Name(hub, format.isBinary());
    HubSpeech found = known.get().get(name);
    return found != null
        ? found
        : known.updateAndGet(all -> with(all, name, format)).get(name);
  }

  private Map<Name, HubSpeech> with(Map<Name, HubSpeech> all, Name name, HubFormat format) {
    if (all.containsKey(name)) {
      return all;
    }
    Map<Name, HubSpeech> more = new HashMap<>(all);
    more.put(
        name,
        new HubSpeech(
            format.isBinary(), shared -> publication(name.hub(), format, shared), format::count));
    return more;
  }

  private Optional<Hub> hub(String name) {
    return hubs.apply("/hubs/" + name);
  }

  /** The hub as services show it now, or as it was known before where none does. */
  public Hub shown(Hub before) {
    return hub(before.name()).orElse(before);
  }

  private byte[] publication(String hub, HubFormat format, SharedPublication shared) {
    Publication publication = shared.publication();
    return hub(hub)
        .map(shown -> publication(
            shown,
            format,
            publication.topic(),
            publication.event(),
            Instant.ofEpochMilli(publication.timeMillis()),
            publication.data().utf8()))
        .orElseGet(() -> new byte[0]);
  }

  /** What a publication is to the clients of a hub: one message for each of its listeners, together; mostly one or none. */
  public static byte[] publication(
      Hub hub, HubFormat format, Topic topic, String event, Instant time, byte[] data) {
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    HubScope scope = null;
    for (HubListener listener : hub.listeners()) {
      if (listener.prefix().equals(topic.prefix()) && listener.event().equalsIgnoreCase(event)) {
        if (scope == null) {
          scope =
              new HubScope(HubValues.read(data), time, Optional.of(topic.id()), Optional.empty());
        }
        if (HubValues.holds(listener.when(), scope.data())) {
          RawJson arguments = HubValues.arguments(listener.arguments(), scope);
          messages.writeBytes(format.write(HubMessage.Invocation.of(listener.target(), arguments)));
        }
      }
    }
    return messages.toByteArray();
  }
}
