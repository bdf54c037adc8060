package io.madang.gateway.fanout;

import io.madang.runtime.service.Observation.Observed;
import io.madang.runtime.topic.Revocation;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * The subscriptions of one event loop's connections: topic to connections. One writer: that loop; every method is called
 * there.
 *
 * <p>A connection that does not take what it is brought, because it lags, is <em>behind</em> in that topic: from then on it is
 * brought nothing of it but what the hub reads for it from its own last position, a part each time it can take more, until it
 * has caught up. Where a gap may have hidden that somebody was cut off, nothing more is brought before the owner allowed it
 * again.
 */
public final class Fanout {
  private final SubscriptionHub hub;
  private final Executor loop;
  private final CatchingUp catchingUp;

  /** Who hears a topic. */
  private final Map<Topic, Audience> byTopic = new HashMap<>();

  /** The connections that are there. */
  private final Map<Subscriber, Listener> bySubscriber = new HashMap<>();

  /** What one connection wants of one topic. */
  private static final class Wanted {
    /** The newest wish, while it is being set up; null when that is done. */
    Request request;

    /** What stands; null until something does. */
    Subscription subscription;
  }

  /** One connection. */
  static final class Listener {
    /** What it is subscribed to or about to be. */
    private final Map<Topic, Wanted> topics = new HashMap<>();

    /**
     * In which topics it is behind, without those that the hub reads for it just now; the longest waiting first. {@link CatchingUp}
     * adds to it.
     */
    final Set<Topic> behind = new LinkedHashSet<>();

    /** How many topics the hub reads for it just now; {@link CatchingUp} writes it. */
    int beingFed;
  }

  /** A subscription whose connection can take more. */
  record Hunger(Subscriber subscriber, Topic topic, StreamPosition since, Object subscription) {}

  /**
   * What the hub has for one that was behind.
   *
   * @param from position that the publications follow; another than the one asked for when what is between is gone
   * @param upTo position up to which they tell everything
   * @param more whether there is more behind {@code upTo} that is not on its way
   */
  record Meal(
      StreamPosition from,
      StreamPosition upTo,
      boolean more,
      List<SharedPublication> publications) {}

  /**
   * A wish to subscribe on its way through the hub.
   *
   * @param renews the subscription that stands and is to be allowed again; empty for a new one
   */
  record Request(
      Subscriber subscriber,
      Topic topic,
      Optional<StreamPosition> since,
      SubscribeOutcome.Handler handler,
      Optional<Object> renews) {}

  Fanout(SubscriptionHub hub, Executor loop) {
    this.hub = hub;
    this.loop = loop;
    this.catchingUp = new CatchingUp(hub, this);
  }

  Executor loop() {
    return loop;
  }

  // What connections ask.

  /** A connection is authenticated: services that observe connections hear of it. */
  public void connected(Subscriber subscriber) {
    bySubscriber.put(subscriber, new Listener());
    hub.arrived(observed(subscriber, ""));
  }

  /** A connection is over: its subscriptions end. */
  public void disconnected(Subscriber subscriber) {
    Listener listener = bySubscriber.remove(subscriber);
    if (listener == null) {
      return;
    }
    listener.topics.forEach((topic, wanted) -> detach(topic, wanted));
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
    Listener listener = bySubscriber.get(subscriber);
    if (listener == null) {
      throw new IllegalStateException("subscribe before connected");
    }
    Request request = new Request(subscriber, topic, since, handler, Optional.empty());
    listener.behind.remove(topic);
    Wanted wanted = listener.topics.computeIfAbsent(topic, of -> new Wanted());
    detach(topic, wanted);
    wanted.request = request;
    hub.subscribe(this, request);
  }

  /** Ends a subscription; false when there was none. */
  public boolean unsubscribe(Subscriber subscriber, Topic topic) {
    Listener listener = bySubscriber.get(subscriber);
    Wanted wanted = listener == null ? null : listener.topics.remove(topic);
    if (wanted == null) {
      return false;
    }
    listener.behind.remove(topic);
    detach(topic, wanted);
    return true;
  }

  /** A connection that lagged can take more. */
  public void drained(Subscriber subscriber) {
    Listener listener = bySubscriber.get(subscriber);
    if (listener != null) {
      catchingUp.feed(subscriber, listener);
    }
  }

  public boolean isSubscribed(Subscriber subscriber, Topic topic) {
    return topicsOfListener(subscriber).contains(topic);
  }

  /** How many topics a connection is subscribed to or about to be. */
  public int topicsOf(Subscriber subscriber) {
    return topicsOfListener(subscriber).size();
  }

  /** Up to where a connection was brought each topic that it hears. */
  public Map<Topic, StreamPosition> positions(Subscriber subscriber) {
    Listener listener = bySubscriber.get(subscriber);
    Map<Topic, StreamPosition> positions = new HashMap<>();
    if (listener != null) {
      listener.topics.forEach((topic, wanted) -> {
        if (wanted.subscription != null) {
          positions.put(topic, wanted.subscription.last);
        }
      });
    }
    return positions;
  }

  private Set<Topic> topicsOfListener(Subscriber subscriber) {
    Listener listener = bySubscriber.get(subscriber);
    return listener == null ? Set.of() : listener.topics.keySet();
  }

  // Setting up.

  /**
   * The hub has set it up: from here on deliveries come.
   *
   * @param isBehind whether there is more to be read before them
   */
  void attach(
      Request request,
      SubscribeOutcome.Subscribed outcome,
      StreamPosition authorisedAt,
      boolean isBehind) {
    Subscriber subscriber = request.subscriber();
    Topic topic = request.topic();
    Listener listener = bySubscriber.get(subscriber);
    if (listener == null || isOvertaken(listener, request)) {
      hub.release(topic);
      return;
    }
    Subscription subscription = new Subscription(subscriber, outcome.position(), authorisedAt);
    Wanted wanted = listener.topics.get(topic);
    Subscription before = wanted.subscription;
    wanted.subscription = subscription;
    wanted.request = null;
    Audience audience = byTopic.computeIfAbsent(topic, of -> new Audience());
    if (before != null) {
      // What is renewed takes the place of what stood: one subscription, so one hold is given back.
      audience.replace(before, subscription);
      hub.release(topic);
      listener.behind.remove(topic);
    } else {
      audience.add(subscription);
      hub.arrived(observed(subscriber, topic.name()));
    }
    request.handler().on(outcome);
    if (isBehind) {
      catchingUp.fallBehind(topic, subscription);
    }
  }

  void refuse(Request request, SubscribeOutcome.Refused outcome) {
    Listener listener = bySubscriber.get(request.subscriber());
    if (listener == null || isOvertaken(listener, request)) {
      return;
    }
    if (listener.topics.get(request.topic()).subscription == null) {
      listener.topics.remove(request.topic());
    }
    request.handler().on(outcome);
  }

  /** Whether the connection has unsubscribed or asked anew since, or what was to be renewed is over. */
  @SuppressWarnings("ReferenceEquality") // Two equal wishes are two.
  private static boolean isOvertaken(Listener listener, Request request) {
    Wanted wanted = listener.topics.get(request.topic());
    if (wanted == null) {
      return true;
    }
    return request.renews().isPresent()
        ? wanted.subscription != request.renews().get()
        : wanted.request != request;
  }

  /** Null when the connection is not there. */
  Listener listener(Subscriber subscriber) {
    return bySubscriber.get(subscriber);
  }

  /** Null when the topic is not attached. */
  Subscription subscription(Subscriber subscriber, Topic topic) {
    Listener listener = bySubscriber.get(subscriber);
    Wanted wanted = listener == null ? null : listener.topics.get(topic);
    return wanted == null ? null : wanted.subscription;
  }

  private void detach(Topic topic, Wanted wanted) {
    Subscription subscription = wanted.subscription;
    if (subscription == null) {
      return;
    }
    wanted.subscription = null;
    Audience audience = byTopic.get(topic);
    audience.remove(subscription);
    if (audience.isEmpty()) {
      byTopic.remove(topic);
    }
    hub.departed(observed(subscription.subscriber, topic.name()));
    hub.release(topic);
  }

  // What topics bring.

  void deliver(Topic topic, List<SharedPublication> publications) {
    Audience audience = byTopic.get(topic);
    if (audience == null) {
      return;
    }
    Bundle bundle = new Bundle(topic, publications);
    try {
      audience.each(subscription -> deliver(bundle, subscription));
    } finally {
      bundle.release();
    }
  }

  /** Mostly nobody is behind, and all of it is news to everybody: then it is taken as it is. */
  private void deliver(Bundle bundle, Subscription subscription) {
    if (subscription.isBehind) {
      return;
    }
    Subscriber subscriber = subscription.subscriber;
    if (bundle.isAllFor(subscriber.connection(), subscription.last) && subscriber.takes(bundle)) {
      subscription.last = bundle.last().orElse(subscription.last);
    } else if (!subscription.bring(bundle.topic(), subscription.due(bundle.publications()))) {
      catchingUp.fallBehind(bundle.topic(), subscription);
    }
  }

  /**
   * The owner has no more what lies between, as far as it was not brought. Who came in between has it from the owner, who says
   * when it is allowed again whether something behind that is gone too.
   */
  void gap(Topic topic, StreamPosition from, StreamPosition to) {
    each(topic, subscription -> {
      if (!subscription.isBetween(from, to)) {
        subscription.tellGap(topic, to);
      }
    });
    renew(topic);
  }

  private void each(Topic topic, Audience.Visit visit) {
    Audience audience = byTopic.get(topic);
    if (audience != null) {
      audience.each(visit);
    }
  }

  /**
   * Ends the subscriptions of one user to one topic, because its owner or its guard's owner says so.
   *
   * @param at position of the revocation in the topic that decides
   */
  void revoke(Topic topic, Revocation revocation, StreamPosition at) {
    each(topic, subscription -> {
      boolean isHis = subscription.subscriber.caller().user().equals(revocation.user());
      if (isHis && !subscription.isAllowedSince(at)) {
        end(subscription.subscriber, topic, revocation.reason());
      }
    });
  }

  /** The connection is told so. */
  void end(Subscriber subscriber, Topic topic, String reason) {
    unsubscribe(subscriber, topic);
    subscriber.ended(topic, reason);
  }

  // Catching up.

  /** The hub has read. */
  void fed(Hunger hunger, Meal meal) {
    catchingUp.fed(hunger, meal);
  }

  /** The hub could not read, and has waited. */
  void notFed(Hunger hunger) {
    catchingUp.notFed(hunger);
  }

  /** Something may have been missed that says who may hear the topic. */
  void renew(Topic topic) {
    each(topic, subscription -> catchingUp.renew(topic, subscription));
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
