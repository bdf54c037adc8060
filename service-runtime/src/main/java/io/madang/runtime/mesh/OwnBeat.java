package io.madang.runtime.mesh;

import io.madang.runtime.bus.BusMessage.Beat;
import io.madang.runtime.bus.MeshBus;
import io.madang.runtime.membership.Membership;
import io.madang.runtime.membership.NodeInfo;
import io.madang.runtime.time.NodeTime;
import java.util.List;

/**
 * What this node says of itself to the others, again and again: that it is there, what it takes, and at a gateway what it wants. On the
 * mesh loop.
 */
final class OwnBeat {
  private final NodeInfo self;
  private final NodeTime time;
  private final MeshBus bus;
  private final Membership membership;
  private final HostedServices hosted;
  private final Endpoints endpoints;
  private final GatewayLink gatewayLink;

  /** What the last beat said of us, so that a change beats at once. */
  private List<String> lastAccepting = List.of();

  OwnBeat(
      NodeInfo self,
      NodeTime time,
      MeshBus bus,
      Membership membership,
      HostedServices hosted,
      Endpoints endpoints,
      GatewayLink gatewayLink) {
    this.self = self;
    this.time = time;
    this.bus = bus;
    this.membership = membership;
    this.hosted = hosted;
    this.endpoints = endpoints;
    this.gatewayLink = gatewayLink;
  }

  /** Whether what it said last is not so any more. */
  boolean isOld() {
    return !hosted.accepting().equals(lastAccepting);
  }

  /** Tells every node. */
  void send() {
    lastAccepting = hosted.accepting();
    Beat beat = new Beat(
        self,
        time.millis(),
        lastAccepting,
        endpoints.gateway().isPresent() ? gatewayLink.digests() : List.of());
    membership.members().forEach(member -> bus.send(member.info().id(), beat));
    gatewayLink.remind();
  }

  /** Tells one that has just come what it told the others last. */
  void sendTo(NodeInfo node) {
    bus.send(node.id(), new Beat(self, time.millis(), lastAccepting, List.of()));
  }
}
