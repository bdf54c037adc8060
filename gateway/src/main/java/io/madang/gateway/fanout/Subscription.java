package io.madang.gateway.fanout;

import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.Revocation;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.util.List;
import java.util.Optional;

/** One connection hears one topic: how far it was brought that, and what of it is still to be. Part of its loop's {@link Fanout}. */
final class Subscription {
  final Subscriber subscriber;

  /**
   * Where the topic that decides (this one or its guard) stood when its owner allowed it: a revocation up to there is older
   * than the permission.
   */
  private final StreamPosition authorisedAt;

  /** Everything up to here was brought, came with the answer, or was told as gone. */
  StreamPosition last;

  /** Where it is in its {@link Audience}, which writes it. */
  int seat;

  /** Whether what comes is not brought, as it is to be fed from {@link #last} on; {@link CatchingUp} writes it. */
  boolean isBehind;

  /** Whether the owner is asked again whether it may stand; till then it is behind. {@link CatchingUp} writes it. */
  boolean isBeingRenewed;

  Subscription(Subscriber subscriber, StreamPosition last, StreamPosition authorisedAt) {
    this.subscriber = subscriber;
    this.last = last;
    this.authorisedAt = authorisedAt;
  }

  boolean isAllowedSince(StreamPosition revokedAt) {
    return authorisedAt.epoch().equals(revokedAt.epoch())
        && authorisedAt.offset() >= revokedAt.offset();
  }

  boolean isBetween(StreamPosition from, StreamPosition to) {
    boolean isBehindFrom = !from.epoch().equals(to.epoch()) || last.offset() > from.offset();
    return last.epoch().equals(to.epoch()) && isBehindFrom;
  }

  private boolean has(StreamPosition position) {
    return position.epoch().equals(last.epoch()) && position.offset() <= last.offset();
  }

  /** Mostly all of them; a fresh subscription's answer may already hold the first. */
  List<SharedPublication> due(List<SharedPublication> publications) {
    for (SharedPublication shared : publications) {
      if (!isDue(shared.publication())) {
        return publications.stream().filter(each -> isDue(each.publication())).toList();
      }
    }
    return publications;
  }

  private boolean isDue(Publication publication) {
    if (publication.position().isEmpty()) {
      return publication.except().isEmpty()
          || !publication.except().get().equals(subscriber.connection());
    }
    return !has(publication.position().get());
  }

  /** False when the connection did not take all that has a position. */
  boolean bring(Topic topic, List<SharedPublication> publications) {
    if (publications.isEmpty()) {
      return true;
    }
    int taken = subscriber.deliver(topic, publications);
    for (int i = taken - 1; i >= 0; i--) {
      Optional<StreamPosition> position = publications.get(i).publication().position();
      if (position.isPresent()) {
        last = position.get();
        break;
      }
    }
    for (int i = taken; i < publications.size(); i++) {
      if (publications.get(i).publication().position().isPresent()) {
        return false;
      }
    }
    return true;
  }

  /** The owner has no more what lies before {@code to}, as far as it was not brought. */
  void tellGap(Topic topic, StreamPosition to) {
    if (!has(to)) {
      StreamPosition from = last;
      last = to;
      subscriber.gap(topic, from, to);
    }
  }

  /** What in a publication, read before it came to be delivered, ends it. */
  Optional<Revocation> cutting(Publication publication) {
    return publication
        .revokes()
        .filter(revocation -> revocation.user().equals(subscriber.caller().user()))
        .filter(revocation -> !isAllowedSince(publication.position().orElseThrow()));
  }
}
