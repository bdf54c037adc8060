package io.madang.runtime.inspect;

import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.util.Comparator;
import java.util.Optional;

/**
 * How one topic stands at one gateway.
 *
 * @param topic its name
 * @param service that owns it
 * @param holds subscriptions of connections, those being set up, and topics that this one guards; 0 while it lingers
 * @param last the newest position that was delivered; absent before the owner was read
 * @param waiting publications that came and wait for one before them
 */
public record Standing(
    Topic topic, String service, int holds, Optional<StreamPosition> last, int waiting) {

  /** What an operator looks for first: topics with a hole, then those that most want. */
  public static final Comparator<Standing> MOST_TELLING = Comparator.comparing(
          (Standing standing) -> standing.waiting() == 0)
      .thenComparing(Comparator.comparingInt(Standing::holds).reversed())
      .thenComparing(Standing::topic);
}
