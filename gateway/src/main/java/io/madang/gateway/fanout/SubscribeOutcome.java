package io.madang.gateway.fanout;

import io.madang.runtime.command.Refusal;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import java.util.List;
import java.util.Optional;

/** What became of a subscription. */
public sealed interface SubscribeOutcome {

  /**
   * It stands: {@link Subscriber#deliver} continues at {@code position}.
   *
   * @param recovered whether everything after the asked position is in {@code publications}
   * @param snapshot the topic's state at or before {@code position}; what is newer is in {@code publications}
   * @param publications to be applied after the snapshot, or after the asked position; oldest first
   */
  record Subscribed(
      StreamPosition position,
      boolean recovered,
      Optional<Payload> snapshot,
      List<Publication> publications)
      implements SubscribeOutcome {
    /** About what a publication needs beside its data. */
    private static final long ENVELOPE_BYTES = 256;

    /** About how many bytes it is on the way to a client. */
    public long bytes() {
      return ENVELOPE_BYTES + snapshot.map(Payload::bytes).orElse(0) + bytes(publications);
    }

    static long bytes(List<Publication> publications) {
      return publications.stream().mapToLong(Subscribed::bytes).sum();
    }

    static long bytes(Publication publication) {
      return ENVELOPE_BYTES + publication.data().bytes();
    }
  }

  /** It does not stand. */
  record Refused(Refusal refusal) implements SubscribeOutcome {}

  /** Takes the outcome, on the connection's event loop and before the first delivery. */
  interface Handler {
    void on(SubscribeOutcome outcome);
  }
}
