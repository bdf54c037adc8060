package io.madang.gateway.fanout;

import io.madang.gateway.fanout.Fanout.Hunger;
import io.madang.gateway.fanout.Fanout.Listener;
import io.madang.gateway.fanout.Fanout.Meal;
import io.madang.gateway.fanout.Fanout.Request;
import io.madang.runtime.topic.Revocation;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * How subscriptions that are behind catch up: what the hub reads for them is brought a part at a time, as their connections can take
 * more, and who may have been cut off meanwhile is brought nothing before the owner allowed it again. Writes who is behind in what.
 * Part of its {@link Fanout}.
 */
final class CatchingUp {
  /** Topics of one connection that are read for at the same time while it catches up. */
  private static final int FED_AT_ONCE = 4;

  private final SubscriptionHub hub;
  private final Fanout fanout;

  CatchingUp(SubscriptionHub hub, Fanout fanout) {
    this.hub = hub;
    this.fanout = fanout;
  }

  /** It did not take all that came, or there is more to be read before what comes. */
  void fallBehind(Topic topic, Subscription subscription) {
    Listener listener = fanout.listener(subscription.subscriber);
    if (listener != null && isStanding(topic, subscription) && !subscription.isBeingRenewed) {
      subscription.isBehind = true;
      listener.behind.add(topic);
      feed(subscription.subscriber, listener);
    }
  }

  /** Whether it is not over, and none stands in its place. */
  private boolean isStanding(Topic topic, Subscription subscription) {
    return fanout.subscription(subscription.subscriber, topic) == subscription;
  }

  /** Has the hub read for what the connection is behind in, as long as it can take more. */
  void feed(Subscriber subscriber, Listener listener) {
    while (!listener.behind.isEmpty()
        && listener.beingFed < FED_AT_ONCE
        && !subscriber.isLagging()) {
      Topic topic = listener.behind.iterator().next();
      listener.behind.remove(topic);
      Subscription subscription = fanout.subscription(subscriber, topic);
      listener.beingFed++;
      hub.feed(fanout, new Hunger(subscriber, topic, subscription.last, subscription));
    }
  }

  /** The hub has read. */
  void fed(Hunger hunger, Meal meal) {
    onFed(
        hunger,
        // Else a gap was told meanwhile, and what was read lies before it.
        subscription ->
            subscription.last.equals(hunger.since()) && eat(hunger.topic(), subscription, meal));
  }

  /** The hub could not read, and has waited. */
  void notFed(Hunger hunger) {
    onFed(hunger, subscription -> false);
  }

  /** @param eating brings what there is; true when the subscription has caught up */
  private void onFed(Hunger hunger, Predicate<Subscription> eating) {
    Subscriber subscriber = hunger.subscriber();
    Listener listener = fanout.listener(subscriber);
    if (listener == null) {
      return;
    }
    listener.beingFed--;
    Subscription subscription = fanout.subscription(subscriber, hunger.topic());
    if (subscription == hunger.subscription() && !subscription.isBeingRenewed) {
      boolean hasCaughtUp = eating.test(subscription);
      if (isStanding(hunger.topic(), subscription)) {
        subscription.isBehind = !hasCaughtUp;
        if (!hasCaughtUp) {
          listener.behind.add(hunger.topic());
        }
      }
    }
    feed(subscriber, listener);
  }

  /** Brings what the hub has; true when the subscription has caught up with it. */
  private boolean eat(Topic topic, Subscription subscription, Meal meal) {
    subscription.tellGap(topic, meal.from());
    List<SharedPublication> publications = meal.publications();
    Optional<Revocation> cut = Optional.empty();
    for (int i = 0; i < publications.size() && cut.isEmpty(); i++) {
      cut = subscription.cutting(publications.get(i).publication());
      if (cut.isPresent()) {
        publications = publications.subList(0, i + 1);
      }
    }
    if (!subscription.bring(topic, publications)) {
      return false;
    }
    cut.ifPresent(revocation -> fanout.end(subscription.subscriber, topic, revocation.reason()));
    subscription.last = meal.upTo();
    return !meal.more();
  }

  // Being allowed again.

  /** Something may have been missed that ended it. */
  void renew(Topic topic, Subscription subscription) {
    Listener listener = fanout.listener(subscription.subscriber);
    if (listener != null && !subscription.isBeingRenewed) {
      subscription.isBehind = true;
      subscription.isBeingRenewed = true;
      listener.behind.remove(topic);
      askAgain(topic, subscription);
    }
  }

  private void askAgain(Topic topic, Subscription subscription) {
    if (isStanding(topic, subscription)) {
      StreamPosition since = subscription.last;
      hub.subscribe(
          fanout,
          new Request(
              subscription.subscriber,
              topic,
              Optional.of(since),
              outcome -> onRenewed(topic, subscription, since, outcome),
              Optional.of(subscription)));
    }
  }

  private void onRenewed(
      Topic topic, Subscription old, StreamPosition since, SubscribeOutcome outcome) {
    Subscriber subscriber = old.subscriber;
    if (outcome instanceof SubscribeOutcome.Refused refused) {
      if (refused.refusal().retryAfterMs().isPresent()) {
        hub.tryLater(fanout, () -> askAgain(topic, old));
      } else {
        fanout.end(subscriber, topic, refused.refusal().code());
      }
      return;
    }
    SubscribeOutcome.Subscribed allowed = (SubscribeOutcome.Subscribed) outcome;
    Subscription renewed = fanout.subscription(subscriber, topic);
    renewed.last = old.last;
    if (!old.last.equals(since)) {
      // A gap was told meanwhile, which may have hidden an end as well.
      renew(topic, renewed);
    } else if (!eat(topic, renewed, mealOf(since, allowed))) {
      fallBehind(topic, renewed);
    }
  }

  private static Meal mealOf(StreamPosition since, SubscribeOutcome.Subscribed outcome) {
    StreamPosition from = since;
    if (!outcome.recovered()) {
      from = outcome.publications().isEmpty()
          ? outcome.position()
          : new StreamPosition(
              outcome.position().epoch(), outcome.publications().get(0).previous());
    }
    return new Meal(
        from,
        outcome.position(),
        false,
        outcome.publications().stream().map(SharedPublication::new).toList());
  }
}
