package io.madang.gateway.edge.signalr.talk;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What topics bring while the client of a hub is to hear something else first: the answer to its handshake, or of a call that joins
 * topics what came before. Kept in order. On the connection's loop.
 */
final class HubHeld {
  private final List<Item> items = new ArrayList<>(0);

  /** By how many calls each topic is held. */
  private final Map<String, Integer> topics = new HashMap<>(0);

  private boolean holdsAll = true;
  private long bytes;

  private record Item(String topic, long bytes, Runnable say) {}

  boolean holds(String topic) {
    return holdsAll || topics.containsKey(topic);
  }

  /** @param say tells the client */
  void add(String topic, long itsBytes, Runnable say) {
    items.add(new Item(topic, itsBytes, say));
    bytes += itsBytes;
  }

  /** From now on what the topic brings waits. */
  void hold(String topic) {
    topics.merge(topic, 1, Integer::sum);
  }

  /** What these topics brought is told, unless something else holds them still. */
  void release(Collection<String> released) {
    released.forEach(
        topic -> topics.computeIfPresent(topic, (held, count) -> count == 1 ? null : count - 1));
    tell();
  }

  /** What nothing else holds is told, now and from now on. */
  void releaseAll() {
    holdsAll = false;
    tell();
  }

  /** All of it is told, whatever holds it. */
  void giveUp() {
    topics.clear();
    releaseAll();
  }

  private void tell() {
    List<Item> before = List.copyOf(items);
    drop();
    for (Item item : before) {
      if (holds(item.topic())) {
        add(item.topic(), item.bytes(), item.say());
      } else {
        item.say().run();
      }
    }
  }

  /** About how many bytes wait. */
  long bytes() {
    return bytes;
  }

  /** Nobody is to hear it any more. */
  void drop() {
    items.clear();
    bytes = 0;
  }
}
