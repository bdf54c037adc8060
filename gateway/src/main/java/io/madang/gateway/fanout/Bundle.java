package io.madang.gateway.fanout;

import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What one topic brings the connections of one loop in one turn: publications in order, and what each edge made of them, once for
 * all. Lives as long as they are brought; of one loop.
 */
public final class Bundle {
  private final Topic topic;
  private final List<SharedPublication> publications;
  private final List<Made> made = new ArrayList<>(1);

  /** Of the first that has a position; empty when none has. */
  private Optional<StreamPosition> first = Optional.empty();

  /** Of the last that has a position; empty when none has. */
  private Optional<StreamPosition> last = Optional.empty();

  private boolean isOfOneEpoch = true;
  private boolean hasEphemeral;
  private int dataBytes;

  /** Connections that are not to hear all of it. */
  private final Set<String> excepted = new HashSet<>(0);

  private record Made(Encoding<?> encoding, Encoded encoded) {}

  public Bundle(Topic topic, List<SharedPublication> publications) {
    this.topic = topic;
    this.publications = publications;
    publications.forEach(shared -> look(shared.publication()));
  }

  private void look(Publication publication) {
    dataBytes += publication.data().bytes();
    Optional<StreamPosition> position = publication.position();
    if (position.isEmpty()) {
      hasEphemeral = true;
      publication.except().ifPresent(excepted::add);
      return;
    }
    if (first.isEmpty()) {
      first = position;
    }
    isOfOneEpoch &= position.get().epoch().equals(first.get().epoch());
    last = position;
  }

  public Topic topic() {
    return topic;
  }

  public List<SharedPublication> publications() {
    return publications;
  }

  public int size() {
    return publications.size();
  }

  /** Whether something of it is worth something only now. */
  public boolean hasEphemeral() {
    return hasEphemeral;
  }

  /** What its publications say, without what edges put around it. */
  public int dataBytes() {
    return dataBytes;
  }

  /** Position behind which everybody is who was brought all of it; empty when that moves nobody. */
  Optional<StreamPosition> last() {
    return last;
  }

  /** Whether all of it is news to a connection that stands there. Cheap; false does not say that nothing is. */
  boolean isAllFor(String connection, StreamPosition at) {
    return isOfOneEpoch
        && (first.isEmpty()
            || first.get().offset() > at.offset()
            || !first.get().epoch().equals(at.epoch()))
        && (excepted.isEmpty() || !excepted.contains(connection));
  }

  /** All of it as an edge says it; made when the first connection needs it. Whoever keeps it longer holds it. */
  @SuppressWarnings("unchecked") // what is noted beside an encoding was made by it
  public <E extends Encoded> E in(Encoding<E> encoding) {
    for (int i = 0; i < made.size(); i++) {
      if (made.get(i).encoding == encoding) {
        return (E) made.get(i).encoded;
      }
    }
    E encoded = encoding.encode(publications);
    made.add(new Made(encoding, encoded));
    return encoded;
  }

  /** Everybody has been told. */
  void release() {
    made.forEach(each -> each.encoded.release());
    made.clear();
  }
}
