package io.madang.client;

import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.code.Retry;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.frame.ServerFrame.Place;
import io.madang.protocol.frame.ServerFrame.Publication;
import io.madang.protocol.frame.ServerFrame.TopicState;
import io.madang.protocol.frame.StreamPosition;
import io.madang.protocol.frame.TopicPosition;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The topics the application hears, each from the position up to which it has heard everything. A publication is handed on if
 * it continues that position, dropped if it was heard, and makes the topic be read again from the position if something is
 * missing before it. Touched on the client's thread only.
 */
final class Subscriptions {
  private static final Logger LOG = System.getLogger(Subscriptions.class.getName());

  private final Line line;
  private final Map<String, Subscription> byTopic = new LinkedHashMap<>();

  /** What each request asked for that the gateway has not answered, by ref; empty while there is no connection. */
  private final Map<Long, List<Subscription>> asked = new HashMap<>();

  private final class Subscription {
    final String topic;
    final TopicListener listener;

    /** Completes with the first answer. */
    final CompletableFuture<StreamPosition> ready;

    /** Up to where everything was heard; empty before the first answer. */
    Optional<StreamPosition> position;

    /** Ref of the request whose answer it waits for; 0 when it waits for none. */
    long waitsFor;

    /** Whether the gateway has answered on this connection, so that what it publishes is ours. */
    boolean live;

    Subscription(
        String topic,
        Optional<StreamPosition> since,
        TopicListener listener,
        CompletableFuture<StreamPosition> ready) {
      this.topic = topic;
      this.position = since;
      this.listener = listener;
      this.ready = ready;
    }

    /** A listener's mistake is its own: the other topics and the connection live on. */
    void tell(Runnable call) {
      try {
        call.run();
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "The listener of " + topic + " failed", e);
      }
    }

    void hear(Publication publication) {
      tell(() -> listener.publication(publication));
    }

    void waitFor(long ref) {
      waitsFor = ref;
      live = false;
    }

    boolean isOurs() {
      return byTopic.get(topic) == this;
    }
  }

  Subscriptions(Line line) {
    this.line = line;
  }

  // What the application wants.

  void subscribe(
      String topic,
      Optional<StreamPosition> since,
      TopicListener listener,
      CompletableFuture<StreamPosition> ready) {
    Subscription subscription = new Subscription(topic, since, listener, ready);
    if (byTopic.putIfAbsent(topic, subscription) != null) {
      ready.completeExceptionally(
          new IllegalStateException("the client is subscribed to " + topic + " already"));
    } else if (line.isOpen()) {
      ask(subscription, subscription.position);
    }
  }

  void unsubscribe(String topic) {
    Subscription subscription = byTopic.remove(topic);
    if (subscription == null) {
      return;
    }
    if (line.isOpen()) {
      line.send(line.encode(new ClientFrame.Unsubscribe(line.nextRef(), topic)));
    }
    subscription.ready.completeExceptionally(
        RefusedException.of(ErrorCode.UNAVAILABLE, "the topic was unsubscribed before the answer"));
  }

  // What becomes of the connection.

  void opened() {
    List<Subscription> resumed = new ArrayList<>();
    for (Subscription subscription : byTopic.values()) {
      if (subscription.position.isPresent()) {
        resumed.add(subscription);
      } else {
        ask(subscription, Optional.empty());
      }
    }
    resume(resumed);
  }

  void lost() {
    asked.clear();
    byTopic.values().forEach(subscription -> subscription.waitFor(0));
  }

  void closed(Failure why) {
    List<Subscription> all = List.copyOf(byTopic.values());
    byTopic.clear();
    asked.clear();
    all.forEach(subscription -> end(subscription, why));
  }

  private void ask(Subscription subscription, Optional<StreamPosition> since) {
    long ref = line.nextRef();
    subscription.waitFor(ref);
    asked.put(ref, List.of(subscription));
    line.send(line.encode(new ClientFrame.Subscribe(ref, subscription.topic, since)));
  }

  /** One frame for all, or as many as the gateway's limit of bytes makes it. */
  private void resume(List<Subscription> subscriptions) {
    if (subscriptions.isEmpty()) {
      return;
    }
    long ref = line.nextRef();
    byte[] frame = line.encode(new ClientFrame.Resume(
        ref,
        subscriptions.stream()
            .map(one -> new TopicPosition(one.topic, one.position.orElseThrow()))
            .toList()));
    if (frame.length > line.maxMessageBytes() && subscriptions.size() > 1) {
      int half = subscriptions.size() / 2;
      resume(subscriptions.subList(0, half));
      resume(subscriptions.subList(half, subscriptions.size()));
      return;
    }
    subscriptions.forEach(subscription -> subscription.waitFor(ref));
    asked.put(ref, List.copyOf(subscriptions));
    line.send(frame);
  }

  /** The gateway refuses a topic that it has, so the old subscription ends before the new one begins. */
  private void askAgain(Subscription subscription, Optional<StreamPosition> since) {
    line.send(line.encode(new ClientFrame.Unsubscribe(line.nextRef(), subscription.topic)));
    ask(subscription, since);
  }

  // What the gateway says.

  void onSubscribed(ServerFrame.Subscribed frame) {
    asked.remove(frame.ref());
    waiting(frame.topic().topic(), frame.ref())
        .ifPresent(subscription -> onState(subscription, frame.topic()));
  }

  void onResumed(ServerFrame.Resumed frame) {
    asked.remove(frame.ref());
    for (ServerFrame.Resumption resumption : frame.topics()) {
      waiting(resumption.topic(), frame.ref())
          .ifPresent(subscription -> resumption.dispatch(new OnResumption(subscription)));
    }
  }

  private final class OnResumption implements ServerFrame.ResumptionHandler<Boolean> {
    private final Subscription subscription;

    OnResumption(Subscription subscription) {
      this.subscription = subscription;
    }

    @Override
    public Boolean on(ServerFrame.Restored restored) {
      onState(subscription, restored.state());
      return true;
    }

    @Override
    public Boolean on(ServerFrame.NotRestored refused) {
      onRefused(subscription, refused.failure());
      return false;
    }
  }

  /** True if the error answers one of our requests. */
  boolean onError(long ref, Failure failure) {
    List<Subscription> subscriptions = asked.remove(ref);
    if (subscriptions == null) {
      return false;
    }
    for (Subscription subscription : subscriptions) {
      if (subscription.isOurs() && subscription.waitsFor == ref) {
        onRefused(subscription, failure);
      }
    }
    return true;
  }

  void onPublication(Publication publication) {
    Subscription subscription = byTopic.get(publication.topic());
    if (subscription == null || !subscription.live) {
      return;
    }
    if (publication.place().isEmpty()) {
      subscription.hear(publication);
      return;
    }
    Place place = publication.place().get();
    StreamPosition last = subscription.position.orElseThrow();
    boolean sameLife = place.epoch().equals(last.epoch());
    if (sameLife && place.offset() <= last.offset()) {
      return;
    }
    if (!sameLife || place.prev() > last.offset()) {
      askAgain(subscription, subscription.position);
    } else {
      subscription.position = Optional.of(place.position());
      subscription.hear(publication);
    }
  }

  /** What is missing will not come, so the topic is taken up anew; its answer says up to where it is missing. */
  void onGap(ServerFrame.Gap frame) {
    Subscription subscription = byTopic.get(frame.topic());
    if (subscription != null && subscription.live) {
      askAgain(subscription, Optional.empty());
    }
  }

  void onUnsubscribed(ServerFrame.Unsubscribed frame) {
    Subscription subscription = byTopic.get(frame.topic());
    if (frame.reason().isPresent() && subscription != null && subscription.live) {
      byTopic.remove(frame.topic());
      subscription.tell(() -> subscription.listener.ended(frame.reason().get()));
    }
  }

  /** The subscription that waits for this answer; empty if it was given up or asked for again meanwhile. */
  private Optional<Subscription> waiting(String topic, long ref) {
    return Optional.ofNullable(byTopic.get(topic))
        .filter(subscription -> subscription.waitsFor == ref);
  }

  private void onState(Subscription subscription, TopicState state) {
    Optional<StreamPosition> before = subscription.position;
    subscription.waitsFor = 0;
    subscription.live = true;
    subscription.position = Optional.of(state.position());
    TopicListener listener = subscription.listener;
    if (!state.recovered()) {
      before.ifPresent(from -> subscription.tell(() -> listener.gap(from, state.position())));
      subscription.tell(() -> listener.snapshot(state.position(), state.snapshot()));
    }
    for (Publication publication : state.publications()) {
      if (!state.recovered() || isNew(publication, before)) {
        subscription.hear(publication);
      }
    }
    subscription.ready.complete(state.position());
  }

  private static boolean isNew(Publication publication, Optional<StreamPosition> last) {
    return publication
        .place()
        .map(place -> last.map(
                heard -> !heard.epoch().equals(place.epoch()) || heard.offset() < place.offset())
            .orElse(true))
        .orElse(true);
  }

  private void onRefused(Subscription subscription, Failure failure) {
    if (failure.retry() == Retry.LATER) {
      long ref = subscription.waitsFor;
      line.after(line.retryWaitMs(failure.retryAfterMs()), () -> {
        if (line.isOpen() && subscription.isOurs() && subscription.waitsFor == ref) {
          ask(subscription, subscription.position);
        }
      });
    } else {
      byTopic.remove(subscription.topic);
      end(subscription, failure);
    }
  }

  private static void end(Subscription subscription, Failure why) {
    subscription.ready.completeExceptionally(new RefusedException(why));
    subscription.tell(() -> subscription.listener.ended(why.code()));
  }
}
