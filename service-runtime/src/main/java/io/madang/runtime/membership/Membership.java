package io.madang.runtime.membership;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Who is in the mesh, as a plain object: no clock, no bus. One writer: the mesh loop of its node.
 *
 * <p>A node is <em>there</em> once the cluster or a beat of its own says so, <em>suspected</em> when it has not beaten for
 * {@link #SUSPECT_AFTER} (nothing is sent to it then, nothing waited for), and <em>gone</em> when the cluster says so or
 * a new incarnation of its name appears. A gone node's late beats do not bring it back; the cluster's word does. Which of two
 * incarnations is the new one the cluster knows as well: a beat alone may come late, from the old one.
 */
public final class Membership {
  public static final Duration BEAT_EVERY = Duration.ofMillis(500);
  public static final Duration SUSPECT_AFTER = Duration.ofSeconds(2);

  /** Ids of gone nodes that are remembered, so that a late beat does not bring one back. */
  private static final int REMEMBERED_GONE = 1_000;

  /** @param accepting services it takes commands for */
  public record Member(NodeInfo info, long beatAtMillis, boolean suspected, Set<String> accepting) {
    public boolean accepts(String service) {
      return !suspected && accepting.contains(service);
    }

    private Member heardLater(long millis) {
      return new Member(info, beatAtMillis + millis, suspected, accepting);
    }
  }

  /** What changed. */
  public sealed interface Change {
    NodeInfo node();
  }

  public record Joined(NodeInfo node) implements Change {}

  public record Suspected(NodeInfo node) implements Change {}

  public record Returned(NodeInfo node) implements Change {}

  public record Gone(NodeInfo node) implements Change {}

  /** It takes commands for other services than before. */
  public record AcceptsOther(NodeInfo node) implements Change {}

  private final Map<String, Member> members = new TreeMap<>();
  private final Set<String> gone = new LinkedHashSet<>();
  private long sweptAtMillis = Long.MIN_VALUE;

  /** The cluster says that {@code node} is there. */
  public List<Change> found(NodeInfo node, long nowMillis) {
    gone.remove(node.id());
    if (members.containsKey(node.id())) {
      return List.of();
    }
    List<Change> changes = new ArrayList<>();
    for (Member other : List.copyOf(members.values())) {
      if (other.info().name().equals(node.name())) {
        changes.addAll(lost(other.info().id()));
      }
    }
    members.put(node.id(), new Member(node, nowMillis, false, Set.of()));
    changes.add(new Joined(node));
    return changes;
  }

  /** {@code node} says itself that it is there; not heard while the cluster says that another incarnation of its name is. */
  public List<Change> beat(NodeInfo node, Collection<String> accepting, long nowMillis) {
    if (gone.contains(node.id())
        || (!members.containsKey(node.id()) && hasOtherIncarnation(node))) {
      return List.of();
    }
    List<Change> changes = new ArrayList<>(found(node, nowMillis));
    Member before = members.get(node.id());
    Member now = new Member(node, nowMillis, false, Set.copyOf(accepting));
    members.put(node.id(), now);
    if (before.suspected()) {
      changes.add(new Returned(node));
    }
    if (!before.accepting().equals(now.accepting())) {
      changes.add(new AcceptsOther(node));
    }
    return changes;
  }

  private boolean hasOtherIncarnation(NodeInfo node) {
    return members.values().stream()
        .map(Member::info)
        .anyMatch(info -> info.name().equals(node.name()) && !info.id().equals(node.id()));
  }

  /** The cluster says that the node is not there any more. */
  public List<Change> lost(String id) {
    Member member = members.remove(id);
    if (member == null) {
      return List.of();
    }
    gone.add(id);
    if (gone.size() > REMEMBERED_GONE) {
      gone.remove(gone.iterator().next());
    }
    return List.of(new Gone(member.info()));
  }

  /**
   * Suspects whoever has been silent too long. Called several times between two beats: when a call comes later than that, this
   * process itself stood still and heard nobody, and that time counts against none.
   */
  public List<Change> sweep(long nowMillis) {
    long stoodStill = sweptAtMillis == Long.MIN_VALUE ? 0 : nowMillis - sweptAtMillis;
    sweptAtMillis = nowMillis;
    if (stoodStill > BEAT_EVERY.toMillis()) {
      members.replaceAll((id, member) -> member.heardLater(stoodStill));
    }
    List<Change> changes = new ArrayList<>();
    for (Member member : List.copyOf(members.values())) {
      if (!member.suspected() && nowMillis - member.beatAtMillis() > SUSPECT_AFTER.toMillis()) {
        members.put(
            member.info().id(),
            new Member(member.info(), member.beatAtMillis(), true, member.accepting()));
        changes.add(new Suspected(member.info()));
      }
    }
    return changes;
  }

  public Optional<Member> member(String id) {
    return Optional.ofNullable(members.get(id));
  }

  /** Everyone who is there, suspected ones too, by id. */
  public List<Member> members() {
    return List.copyOf(members.values());
  }

  /** Ids of the nodes that take commands for {@code service} and are not suspected. */
  public List<String> accepting(String service) {
    return members.values().stream()
        .filter(member -> member.accepts(service))
        .map(member -> member.info().id())
        .toList();
  }

  /** Ids of the nodes that hold clients and are not suspected. */
  public List<String> gateways() {
    return members.values().stream()
        .filter(member -> member.info().isGateway() && !member.suspected())
        .map(member -> member.info().id())
        .toList();
  }
}
