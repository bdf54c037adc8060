package io.madang.runtime.service;

import io.madang.runtime.command.Refusal;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import java.util.List;
import java.util.Optional;

/** What a topic's owner answers. */
public sealed interface TopicAnswer {

  /**
   * Yes.
   *
   * @param position where the topic stands; everything up to it is in the snapshot or before {@code publications} end
   * @param recovered whether {@code publications} continue the asked position without a hole; false when none was asked
   *     for, or its epoch is another, or the range is gone
   * @param more whether the publications stop before {@code position} because of the limit
   * @param snapshot the topic's state at {@code position}; absent when the answer is complete without it
   * @param publications oldest first
   */
  record Granted(
      StreamPosition position,
      boolean recovered,
      boolean more,
      Optional<Payload> snapshot,
      List<Publication> publications)
      implements TopicAnswer {
    public Granted {
      publications = List.copyOf(publications);
    }
  }

  /** No; unknown and forbidden answer alike. */
  record Denied(Refusal refusal) implements TopicAnswer {}

  static TopicAnswer snapshot(StreamPosition position, Payload snapshot) {
    return new Granted(position, false, false, Optional.of(snapshot), List.of());
  }

  static TopicAnswer recovered(
      StreamPosition position, boolean more, List<Publication> publications) {
    return new Granted(position, true, more, Optional.empty(), publications);
  }

  static TopicAnswer denied(String code, String message) {
    return new Denied(Refusal.of(code, message));
  }
}
