package io.madang.benchmarks.service;

import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The newest publications of every topic and the ids of the commands that made them. A plain object with one writer, the
 * service's event loop; it knows no clock and no mesh.
 */
final class BenchLog {
  /** A command's id belongs to the user who gave it. */
  private record Given(String user, String id) {}

  private record Entry(Given command, Publication publication) {}

  /** Names the life of all topics, which is that of this object. */
  private final String epoch;

  /** Entries of one topic at most. */
  private final int kept;

  /** Of each topic that was ever published into, oldest first; never empty. */
  private final Map<Topic, Deque<Entry>> rings = new HashMap<>();

  /** What each command made, as long as that is kept. */
  private final Map<Given, Publication> byCommand = new HashMap<>();

  BenchLog(String epoch, int kept) {
    this.epoch = epoch;
    this.kept = kept;
  }

  /**
   * The publication that this command makes, now or when it came first; empty when its id was used for something else.
   *
   * @param user who gave the command
   * @param id of the command
   */
  Optional<Publication> append(Topic topic, String user, String id, long timeMillis, Payload data) {
    Given command = new Given(user, id);
    Publication first = byCommand.get(command);
    if (first != null) {
      boolean same = first.topic().equals(topic) && first.data().equals(data);
      return same ? Optional.of(first) : Optional.empty();
    }
    long previous = position(topic).offset();
    StreamPosition position = new StreamPosition(epoch, previous + 1);
    Publication publication =
        Publication.log(topic, "text", position, previous, timeMillis, data).causedBy(id);
    keep(new Entry(command, publication));
    return Optional.of(publication);
  }

  private void keep(Entry entry) {
    Deque<Entry> ring =
        rings.computeIfAbsent(entry.publication().topic(), topic -> new ArrayDeque<>());
    ring.addLast(entry);
    byCommand.put(entry.command(), entry.publication());
    if (ring.size() > kept) {
      byCommand.remove(ring.removeFirst().command());
    }
  }

  private List<Publication> ring(Topic topic) {
    return rings.getOrDefault(topic, new ArrayDeque<>()).stream()
        .map(Entry::publication)
        .toList();
  }

  private StreamPosition position(Topic topic) {
    Deque<Entry> ring = rings.get(topic);
    return new StreamPosition(
        epoch, ring == null ? 0 : ring.getLast().publication().offset());
  }

  /** Where the topic stands, and {@code {"last":…}} with its newest text, {@code null} before the first. */
  TopicAnswer snapshot(Topic topic) {
    Deque<Entry> ring = rings.get(topic);
    Payload last = ring == null ? Payload.NULL : ring.getLast().publication().data();
    return TopicAnswer.snapshot(position(topic), Payload.ofJson("{\"last\":" + last + "}"));
  }

  /** What came after a position, or a snapshot when that cannot be told without a hole. */
  TopicAnswer after(Topic topic, StreamPosition since, int limit) {
    StreamPosition head = position(topic);
    List<Publication> ring = ring(topic);
    long beforeOldest = head.offset() - ring.size();
    boolean tells = since.epoch().equals(epoch)
        && since.offset() >= beforeOldest
        && since.offset() <= head.offset();
    if (!tells) {
      return snapshot(topic);
    }
    List<Publication> later = ring.subList((int) (since.offset() - beforeOldest), ring.size());
    boolean more = later.size() > limit;
    return TopicAnswer.recovered(head, more, more ? later.subList(0, limit) : later);
  }

  /** One page of what is kept, oldest first: the nearest to {@code after} or {@code before}, else the newest. */
  TopicAnswer page(Topic topic, Optional<Long> after, Optional<Long> before, int limit) {
    List<Publication> range = ring(topic).stream()
        .filter(each -> each.offset() > after.orElse(0L))
        .filter(each -> each.offset() < before.orElse(Long.MAX_VALUE))
        .toList();
    boolean more = range.size() > limit;
    int from = more && after.isEmpty() ? range.size() - limit : 0;
    List<Publication> page = range.subList(from, Math.min(range.size(), from + limit));
    return TopicAnswer.recovered(position(topic), more, page);
  }
}
