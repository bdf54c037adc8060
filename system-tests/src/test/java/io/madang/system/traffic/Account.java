package io.madang.system.traffic;

import io.madang.client.TopicListener;
import io.madang.protocol.frame.ServerFrame.Publication;
import io.madang.protocol.frame.StreamPosition;
import io.madang.protocol.json.RawJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Everything one client was told of one topic, in order. Written by the client's thread, read by the test's. */
public final class Account implements TopicListener {
  private final String client;
  private final String topic;

  /** What stands for a publication where it is compared with what was committed. */
  private final Function<Publication, String> mark;

  /** Guarded by this. */
  private final List<Told> told = new ArrayList<>();

  /** Why the subscription ended; empty while it has not. Guarded by this. */
  private Optional<String> end = Optional.empty();

  /**
   * An empty account.
   *
   * @param client names it in a verdict
   */
  public Account(String client, String topic) {
    this(client, topic, publication -> publication.command().orElse(Committed.NO_COMMAND));
  }

  /**
   * An empty account of a topic whose publications no command tells apart.
   *
   * @param mark what the committed entry of a publication has for its command
   */
  public Account(String client, String topic, Function<Publication, String> mark) {
    this.client = client;
    this.topic = topic;
    this.mark = mark;
  }

  public String client() {
    return client;
  }

  public String topic() {
    return topic;
  }

  @Override
  public void publication(Publication publication) {
    publication
        .place()
        .ifPresent(
            place -> add(new Told.Heard(place.position(), place.prev(), mark.apply(publication))));
  }

  @Override
  public void snapshot(StreamPosition position, Optional<RawJson> snapshot) {
    add(new Told.Snapshot(position));
  }

  @Override
  public void gap(StreamPosition from, StreamPosition to) {
    add(new Told.Gap(from, to));
  }

  @Override
  public synchronized void ended(String reason) {
    end = Optional.of(reason);
  }

  synchronized void add(Told one) {
    told.add(one);
  }

  synchronized List<Told> told() {
    return List.copyOf(told);
  }

  /** Why the mesh ended the subscription; empty while it lives. */
  public synchronized Optional<String> end() {
    return end;
  }

  /** The newest position that was told of; empty before the first. */
  public synchronized Optional<StreamPosition> last() {
    for (int i = told.size() - 1; i >= 0; i--) {
      if (told.get(i) instanceof Told.Heard heard) {
        return Optional.of(heard.at());
      }
      if (told.get(i) instanceof Told.Snapshot snapshot) {
        return Optional.of(snapshot.at());
      }
    }
    return Optional.empty();
  }

  /** Whether it was told everything up to a position. */
  public boolean reaches(StreamPosition head) {
    return last()
        .filter(at -> at.epoch().equals(head.epoch()) && at.offset() >= head.offset())
        .isPresent();
  }
}
