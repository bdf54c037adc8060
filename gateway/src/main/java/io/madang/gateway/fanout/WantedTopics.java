package io.madang.gateway.fanout;

import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.topic.Topic;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The topics that somebody at this node wants: each from its first hold until nobody has held it for the time of the linger. A
 * topic holds its guard. One writer, the hub's loop.
 */
final class WantedTopics {
  /** Parts of {@link #part}. */
  static final int PARTS = 60;

  private final HubMesh mesh;
  private final HubTime time;
  private final HubLimits limits;
  private final HubMeters meters;
  private final Map<Topic, Feed> feeds = new HashMap<>();

  /** The same topics in {@value #PARTS} parts, so that a sweep in parts looks at no other ones. */
  private final List<Set<Feed>> parts =
      Stream.<Set<Feed>>generate(HashSet::new).limit(PARTS).toList();

  WantedTopics(HubMesh mesh, HubTime time, HubLimits limits, HubMeters meters) {
    this.mesh = mesh;
    this.time = time;
    this.limits = limits;
    this.meters = meters;
  }

  Optional<Feed> find(Topic topic) {
    return Optional.ofNullable(feeds.get(topic));
  }

  /** The topics as they are now; they may be held and dropped while the answer is gone through. */
  List<Feed> all() {
    return List.copyOf(feeds.values());
  }

  /** A part of the topics, the same ones each time, as they are now. */
  List<Feed> part(int part) {
    return List.copyOf(parts.get(part));
  }

  private Set<Feed> partOf(Feed feed) {
    return parts.get(Math.floorMod(feed.topic().hashCode(), PARTS));
  }

  /** Whether it still is what is wanted, and not a topic's earlier time here. */
  boolean has(Feed feed) {
    return feeds.get(feed.topic()) == feed;
  }

  /** Wants a topic until {@link #release}; empty when nobody owns it. */
  Optional<Feed> hold(Topic topic) {
    Optional<Feed> known = find(topic);
    Optional<Feed> held = known.isPresent() ? known : begin(topic);
    held.ifPresent(feed -> {
      feed.holds++;
      feed.lingering.ifPresent(HubTime.Timer::cancel);
      feed.lingering = Optional.empty();
      if (feed.wanted.failed()) {
        feed.wanted = mesh.want(topic);
      }
    });
    return held;
  }

  private Optional<Feed> begin(Topic topic) {
    Optional<ServiceDescriptor> owner = mesh.owner(topic);
    if (owner.isEmpty()) {
      return Optional.empty();
    }
    Collection<ServiceDescriptor> services = mesh.services();
    TopicFeed order = new TopicFeed(topic, limits.recentBytes());
    CatchUps readers = new CatchUps(order, mesh::read, limits.maxAnswerBytes(), meters);
    Feed feed = new Feed(order, readers, owner.get(), services);
    if (feed.guard.isPresent() && hold(feed.guard.get()).isEmpty()) {
      return Optional.empty();
    }
    feeds.put(topic, feed);
    partOf(feed).add(feed);
    feed.wanted = mesh.want(topic);
    return Optional.of(feed);
  }

  void release(Topic topic) {
    Feed feed = feeds.get(topic);
    if (feed == null) {
      throw new IllegalStateException("released but not held: " + topic.prefix());
    }
    feed.holds--;
    if (feed.holds == 0) {
      feed.lingering = Optional.of(time.after(limits.linger().toMillis(), () -> drop(feed)));
    }
  }

  private void drop(Feed feed) {
    feeds.remove(feed.topic());
    partOf(feed).remove(feed);
    mesh.unwant(feed.topic());
    feed.guard.ifPresent(this::release);
  }
}
