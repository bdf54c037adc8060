package io.madang.runtime.service;

import io.madang.runtime.command.Caller;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.util.Optional;

/** What may be asked of a topic's owner. */
public sealed interface TopicRead {
  /** Publications in one answer at most; a limit above it is a bug of the asker. */
  int MAX_PUBLICATIONS = 500;

  Topic topic();

  /**
   * May {@code caller} hear the topic, where does it stand, and what came after {@code since}?
   *
   * @param since absent: a snapshot is wanted instead
   * @param limit of publications in the answer
   */
  record Subscribe(Topic topic, Caller caller, Optional<StreamPosition> since, int limit)
      implements TopicRead {}

  /** What came after {@code since}, asked by a gateway for itself. */
  record CatchUp(Topic topic, StreamPosition since, int limit) implements TopicRead {}

  /** May {@code caller} hear the topics that this one guards? */
  record Authorise(Topic topic, Caller caller) implements TopicRead {}

  /**
   * One page of the past, oldest first.
   *
   * @param after only what came after this offset, nearest first; at most one of the two is given
   * @param before only what came before this offset, nearest last; neither: the newest page
   */
  record History(Topic topic, Caller caller, Optional<Long> after, Optional<Long> before, int limit)
      implements TopicRead {}
}
