package io.madang.gateway.fanout;

import io.madang.runtime.service.Observation.Observed;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Context;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The subscriptions of one event loop's connections: topic to connections. One writer: that loop; every method is called
 * there.
 */
public final class Fanout {
  private final SubscriptionHub hub;
  private final Context loop;

  /**
   * One connection hears one topic.
   *
   * @param from deliveries come from behind this position
   * @param authorisedAt where the topic that decides (this one or its guard) stood when its owner allowed it: a revocation up
   *     to there is older than the permission
   */
  private record Subscription(StreamPosition from, StreamPosition authorisedAt) {}

  /** Who hears a topic. */
  private final Map<Topic, Map<Subscriber, Subscription>> byTopic = new HashMap<>();

  /** What a connection is subscribed to or about to be; a subscription that is being set up is in here only. */
  private final Map<Subscriber, Set<Topic>> bySubscriber = new HashMap<>();

  Fanout(SubscriptionHub hub, Context loop) {
    this.hub = hub;
    this.loop = loop;
  }

  /** A connection is authenticated: services that observe connections hear of it. */
  public void connected(Subscriber subscriber) {
    bySubscriber.put(subscriber, new HashSet<>());
    hub.arrived(observed(subscriber, ""));
  }

  /** A connection is over: its subscriptions end. */
  public void disconnected(Subscriber subscriber) {
    Set<Topic> topics = bySubscriber.remove(subscriber);
    if (topics == null) {
      return;
    }
    for (Topic topic : topics) {
      detach(topic, subscriber);
    }
    hub.departed(observed(subscriber, ""));
  }

  /**
   * Sets up a subscription.
   *
   * @param since continues after this position; empty asks for a snapshot
   * @param handler is told once, before the first delivery; never when the connection ended or unsubscribed meanwhile
   */
  public void subscribe(
      Subscriber subscriber,
      Topic topic,
      Optional<StreamPosition> since,
      SubscribeOutcome.Handler handler) {
    Set<Topic> topics = bySubscriber.get(subscriber);
    if (topics == null) {
      throw new IllegalStateException("subscribe before connected");
    }
    topics.add(topic);
    detach(topic, subscriber);
    hub.subscribe(this, new Request(subscriber, topic, since, handler));
  }

  /** Ends a subscription; false when there was none. */
  public boolean unsubscribe(Subscriber subscriber, Topic topic) {
    Set<Topic> topics = bySubscriber.get(subscriber);
    if (topics == null || !topics.remove(topic)) {
      return false;
    }
    detach(topic, subscriber);
    return true;
  }

  public boolean isSubscribed(Subscriber subscriber, Topic topic) {
    return bySubscriber.getOrDefault(subscriber, Set.of()).contains(topic);
  }

  /** How many topics a connection is subscribed to or about to be. */
  public int topicsOf(Subscriber subscriber) {
    return bySubscriber.getOrDefault(subscriber, Set.of()).size();
  }

  /** A wish to subscribe on its way through the hub. */
  record Request(
      Subscriber subscriber,
      Topic topic,
      Optional<StreamPosition> since,
      SubscribeOutcome.Handler handler) {}

  Context loop() {
    return loop;
  }

  /** The hub has set it up: from here on deliveries come. */
  void attach(Request request, SubscribeOutcome.Subscribed outcome, StreamPosition authorisedAt) {
    Set<Topic> topics = bySubscriber.get(request.subscriber());
    if (topics == null || !topics.contains(request.topic())) {
      hub.release(request.topic());
      return;
    }
    Subscription before = byTopic
        .computeIfAbsent(request.topic(), topic -> new LinkedHashMap<>())
        .put(request.subscriber(), new Subscription(outcome.position(), authorisedAt));
    if (before != null) {
      // A second request for the same topic overtook the first: one subscription stands, one hold
      // is given back.
      hub.release(request.topic());
    } else {
      hub.arrived(observed(request.subscriber(), request.topic().name()));
    }
    request.handler().on(outcome);
  }

  void refuse(Request request, SubscribeOutcome.Refused outcome) {
    Set<Topic> topics = bySubscriber.get(request.subscriber());
    if (topics == null || !topics.contains(request.topic())) {
      return;
    }
    if (!isAttached(request)) {
      topics.remove(request.topic());
    }
    request.handler().on(outcome);
  }

  private boolean isAttached(Request request) {
    return byTopic.getOrDefault(request.topic(), Map.of()).containsKey(request.subscriber());
  }

  private void detach(Topic topic, Subscriber subscriber) {
    Map<Subscriber, Subscription> subscribers = byTopic.get(topic);
    if (subscribers == null || subscribers.remove(subscriber) == null) {
      return;
    }
    if (subscribers.isEmpty()) {
      byTopic.remove(topic);
    }
    hub.departed(observed(subscriber, topic.name()));
    hub.release(topic);
  }

  void deliver(Topic topic, List<SharedPublication> publications) {
    Map<Subscriber, Subscription> subscribers = byTopic.get(topic);
    if (subscribers == null) {
      return;
    }
    for (Map.Entry<Subscriber, Subscription> entry : List.copyOf(subscribers.entrySet())) {
      List<SharedPublication> due = due(entry.getKey(), entry.getValue().from(), publications);
      if (!due.isEmpty()) {
        entry.getKey().deliver(topic, due);
      }
    }
  }

  /** Mostly all of them; a fresh subscription's answer may already hold the first. */
  private static List<SharedPublication> due(
      Subscriber subscriber, StreamPosition from, List<SharedPublication> publications) {
    for (SharedPublication shared : publications) {
      if (!isDue(subscriber, from, shared.publication())) {
        return publications.stream()
            .filter(each -> isDue(subscriber, from, each.publication()))
            .toList();
      }
    }
    return publications;
  }

  private static boolean isDue(
      Subscriber subscriber, StreamPosition from, Publication publication) {
    if (publication.position().isEmpty()) {
      return publication.except().isEmpty()
          || !publication.except().get().equals(subscriber.connection());
    }
    StreamPosition position = publication.position().get();
    return position.offset() > from.offset() || !position.epoch().equals(from.epoch());
  }

  void gap(Topic topic, StreamPosition from, StreamPosition to) {
    Map<Subscriber, Subscription> subscribers = byTopic.get(topic);
    if (subscribers == null) {
      return;
    }
    for (Subscriber subscriber : List.copyOf(subscribers.keySet())) {
      subscribers.computeIfPresent(
          subscriber, (who, was) -> new Subscription(to, was.authorisedAt()));
      subscriber.gap(topic, from, to);
    }
  }

  /**
   * Ends the subscriptions of one user to one topic, because its owner or its guard's owner says so.
   *
   * @param at position of the revocation in the topic that decides
   */
  void revoke(Topic topic, String user, String reason, StreamPosition at) {
    for (Map.Entry<Subscriber, Subscription> entry :
        List.copyOf(byTopic.getOrDefault(topic, Map.of()).entrySet())) {
      Subscriber subscriber = entry.getKey();
      StreamPosition allowed = entry.getValue().authorisedAt();
      boolean allowedSince = allowed.epoch().equals(at.epoch()) && allowed.offset() >= at.offset();
      if (subscriber.caller().user().equals(user) && !allowedSince) {
        bySubscriber.get(subscriber).remove(topic);
        detach(topic, subscriber);
        subscriber.ended(topic, reason);
      }
    }
  }

  private static Observed observed(Subscriber subscriber, String topic) {
    return new Observed(
        subscriber.connection(),
        subscriber.caller().user(),
        subscriber.caller().name(),
        subscriber.caller().guest(),
        topic);
  }
}
