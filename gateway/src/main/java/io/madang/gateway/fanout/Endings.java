package io.madang.gateway.fanout;

import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.Revocation;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.util.ArrayList;
import java.util.List;

/**
 * Whom publications cut off. A publication that revokes ends its user's subscriptions to its topic, and to those that the topic
 * guards, unless the user was allowed to hear them at a later position.
 */
final class Endings {

  /** One user's end in one topic, decided at a position of this topic or of its guard. */
  record Ending(Topic topic, Revocation revocation, StreamPosition at) {
    void applyTo(Fanout fanout) {
      fanout.revoke(topic, revocation, at);
    }
  }

  private Endings() {}

  /** What a publication of {@code feed} ends. */
  static List<Ending> of(Feed feed, Publication publication) {
    if (publication.revokes().isEmpty() || publication.position().isEmpty()) {
      return List.of();
    }
    Revocation revocation = publication.revokes().get();
    StreamPosition at = publication.position().get();
    List<Ending> endings = new ArrayList<>();
    endings.add(new Ending(feed.topic(), revocation, at));
    feed.guarded.forEach(topic -> endings.add(new Ending(topic, revocation, at)));
    return endings;
  }

  /** Whether one of these publications cuts the user off. */
  static boolean cutOff(String user, List<Publication> publications) {
    return publications.stream().anyMatch(publication -> cutsOff(user, publication));
  }

  static boolean cutsOff(String user, Publication publication) {
    return publication.revokes().map(revokes -> revokes.user().equals(user)).orElse(false);
  }
}
