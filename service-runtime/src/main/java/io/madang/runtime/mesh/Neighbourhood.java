package io.madang.runtime.mesh;

import io.madang.runtime.bus.BusMessage.Beat;
import io.madang.runtime.membership.Evidence;
import io.madang.runtime.membership.Membership;
import io.madang.runtime.membership.Membership.Change;
import io.madang.runtime.membership.NodeClocks;
import io.madang.runtime.membership.NodeInfo;
import io.madang.runtime.time.NodeTime;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is there beside this node, by what the cluster tells and whose beats come, and for which of them positions are to be compared.
 * Writes the {@link Membership} and what others' clocks show. On the mesh loop, but for {@link #live}.
 */
final class Neighbourhood {
  private static final Logger LOG = LoggerFactory.getLogger(Neighbourhood.class);

  /** What is done of each change. */
  interface Host {
    void onJoined(NodeInfo node);

    void onSilent(NodeInfo node);

    void onReturned(NodeInfo node);

    void onGone(NodeInfo node);

    /** What services of the node published last may never have come here. */
    void onEvidence(NodeInfo node);

    /** Told once, behind what was told of several changes. */
    void onChanged();
  }

  private final Membership membership;
  private final NodeClocks clocks;
  private final NodeTime time;
  private final Host host;
  private final Evidence evidence = new Evidence();

  /** Read by health checks on other threads. */
  private volatile List<NodeInfo> live = List.of();

  Neighbourhood(Membership membership, NodeClocks clocks, NodeTime time, Host host) {
    this.membership = membership;
    this.clocks = clocks;
    this.time = time;
    this.host = host;
  }

  /** Every node that is there and not suspected; safe on any thread. */
  List<NodeInfo> live() {
    return live;
  }

  /** The cluster has the node, or this is the node itself. */
  void found(NodeInfo node) {
    apply(membership.found(node, time.millis()));
  }

  /** The cluster has it no more. */
  void lost(String id) {
    apply(membership.lost(id));
  }

  void onBeat(Beat beat) {
    apply(membership.beat(beat.from(), beat.accepting(), time.millis()));
    if (membership.member(beat.from().id()).isPresent()) {
      clocks.heard(beat.from().id(), beat.clockMs(), time.millis());
    }
  }

  /** Sees who was not heard for too long. */
  void onTick() {
    apply(membership.sweep(time.millis()));
    evidence.due(time.millis()).forEach(host::onEvidence);
  }

  private void apply(List<Change> changes) {
    for (Change change : changes) {
      NodeInfo node = change.node();
      if (change instanceof Membership.Gone) {
        LOG.info("Node {} is gone", node.id());
        clocks.onGone(node.id());
        host.onGone(node);
      } else if (change instanceof Membership.Suspected) {
        LOG.warn("Node {} is silent", node.id());
        host.onSilent(node);
      } else if (change instanceof Membership.Returned) {
        LOG.info("Node {} is heard again", node.id());
        host.onReturned(node);
      } else if (change instanceof Membership.Joined) {
        LOG.info("Node {} is there with {}", node.id(), node.roles());
        host.onJoined(node);
      }
      evidence.on(change, time.millis()).forEach(host::onEvidence);
    }
    if (!changes.isEmpty()) {
      live = membership.members().stream()
          .filter(member -> !member.suspected())
          .map(Membership.Member::info)
          .toList();
      host.onChanged();
    }
  }
}
