package io.madang.gateway.fanout;

import io.madang.gateway.fanout.HubTime.Timer;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.descriptor.TopicDescriptor;
import io.madang.runtime.inspect.Standing;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** One topic that is wanted here. One writer, the hub's loop. */
final class Feed {
  final TopicFeed order;
  final CatchUps readers;

  /** Who owns the topic. */
  final String service;

  /** Who decides who may hear the topic, when it is another. */
  final Optional<Topic> guard;

  /** Topics that this one decides about, whether they are wanted here or not. */
  final List<Topic> guarded;

  /** Completes when the mesh knows that the topic is wanted here; kept by {@link WantedTopics}. */
  Future<Void> wanted;

  /** Subscriptions, those being set up, and feeds guarded by this one; kept by {@link WantedTopics}. */
  int holds;

  /** Ends the topic when it runs out; empty while the topic is held. Kept by {@link WantedTopics}. */
  Optional<Timer> lingering = Optional.empty();

  /** Whether the owner is being asked what came behind the last position; kept by {@link Repairs}. */
  boolean isCompared;

  /**
   * Whether something is missing that may come by itself in a moment, or that the node which sent what is behind it is being
   * asked for; kept by {@link Repairs}.
   */
  boolean isMended;

  /** How long the next failure is waited out. */
  final Patience patience = new Patience();

  Feed(
      TopicFeed order,
      CatchUps readers,
      ServiceDescriptor owner,
      Collection<ServiceDescriptor> services) {
    this.order = order;
    this.readers = readers;
    this.service = owner.service();
    Topic topic = order.topic();
    this.guard = owner
        .topic(topic.prefix())
        .flatMap(TopicDescriptor::guard)
        .map(prefix -> new Topic(prefix, topic.id()));
    this.guarded = services.stream()
        .flatMap(each -> each.topics().stream())
        .filter(each -> each.guard().equals(Optional.of(topic.prefix())))
        .map(each -> new Topic(each.prefix(), topic.id()))
        .toList();
  }

  Topic topic() {
    return order.topic();
  }

  /** For operators. */
  Standing standing() {
    return new Standing(topic(), service, holds, order.last(), order.waiting());
  }
}
