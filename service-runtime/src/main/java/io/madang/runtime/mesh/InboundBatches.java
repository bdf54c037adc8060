package io.madang.runtime.mesh;

import io.madang.runtime.bus.BusMessage.Batch;
import io.madang.runtime.bus.BusMessage.BatchTaken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which batches this gateway has of each service of each node, so that one that is sent again is not delivered again, and what
 * is to be acknowledged. A plain object with one writer, the mesh loop. What it remembers is bounded by what a sender has in
 * flight, as a batch names the oldest that may still come.
 */
final class InboundBatches {
  private record Sender(String node, String service) {}

  private static final class Window {
    final long life;

    /** Numbers below came, or will not come. */
    long floor;

    /** Whether all loops have it, by number from {@link #floor} on. */
    final TreeMap<Long, Boolean> taken = new TreeMap<>();

    Window(long life) {
      this.life = life;
    }
  }

  private final String self;
  private final Map<Sender, Window> windows = new HashMap<>();

  /** Numbers to acknowledge, each of the sender's present life. */
  private final Map<Sender, List<Long>> due = new LinkedHashMap<>();

  InboundBatches(String self) {
    this.self = self;
  }

  /** Whether the batch is new here; one that was taken before is acknowledged again, as its sender does not know. */
  boolean arrived(Batch batch) {
    Sender sender = new Sender(batch.node(), batch.service());
    Window window = windows.get(sender);
    if (window == null || window.life < batch.life()) {
      window = new Window(batch.life());
      windows.put(sender, window);
      due.remove(sender);
    }
    if (batch.life() < window.life || batch.number() < window.floor) {
      return false;
    }
    if (batch.floor() > window.floor) {
      window.floor = batch.floor();
      window.taken.headMap(window.floor).clear();
    }
    Boolean before = window.taken.putIfAbsent(batch.number(), false);
    if (Boolean.TRUE.equals(before)) {
      due.computeIfAbsent(sender, of -> new ArrayList<>()).add(batch.number());
    }
    return before == null;
  }

  /** All loops have the batch. */
  void taken(Batch batch) {
    Sender sender = new Sender(batch.node(), batch.service());
    Window window = windows.get(sender);
    if (window != null
        && window.life == batch.life()
        && window.taken.replace(batch.number(), true) != null) {
      due.computeIfAbsent(sender, of -> new ArrayList<>()).add(batch.number());
    }
  }

  boolean hasAcknowledgements() {
    return !due.isEmpty();
  }

  /** What to tell which node. */
  Map<String, List<BatchTaken>> acknowledgements() {
    Map<String, List<BatchTaken>> messages = new LinkedHashMap<>();
    due.forEach((sender, numbers) -> messages
        .computeIfAbsent(sender.node(), node -> new ArrayList<>())
        .add(new BatchTaken(
            self, sender.service(), windows.get(sender).life, List.copyOf(numbers))));
    due.clear();
    return messages;
  }

  /** The node will not send again. */
  void gone(String node) {
    windows.keySet().removeIf(sender -> sender.node().equals(node));
    due.keySet().removeIf(sender -> sender.node().equals(node));
  }
}
