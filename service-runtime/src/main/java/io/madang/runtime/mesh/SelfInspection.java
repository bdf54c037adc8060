package io.madang.runtime.mesh;

import io.madang.runtime.host.ServiceHost;
import io.madang.runtime.inspect.Inspection;
import io.madang.runtime.inspect.NodeReport;
import io.madang.runtime.inspect.NodeReport.Hosted;
import io.madang.runtime.inspect.NodeReport.Peer;
import io.madang.runtime.inspect.Standings;
import io.madang.runtime.membership.Membership;
import io.madang.runtime.membership.NodeInfo;
import io.madang.runtime.metrics.Figures;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What this node tells of itself, gathered from its loops. For the mesh loop. */
final class SelfInspection {
  private final NodeInfo self;
  private final Context loop;
  private final Membership membership;
  private final GatewayLink gatewayLink;
  private final MeterRegistry metrics;
  private final long sinceMillis = System.currentTimeMillis();

  SelfInspection(
      NodeInfo self,
      Context loop,
      Membership membership,
      GatewayLink gatewayLink,
      MeterRegistry metrics) {
    this.self = self;
    this.loop = loop;
    this.membership = membership;
    this.gatewayLink = gatewayLink;
    this.metrics = metrics;
  }

  Future<NodeReport> report(
      Inspection inspection,
      Collection<ServiceHost> hosts,
      Optional<GatewayEndpoint> gateway,
      long nowMillis) {
    List<Future<Hosted>> hosted = hosts.stream().map(this::ask).toList();
    return Future.join(hosted)
        .map(all -> new NodeReport(
            self,
            sinceMillis,
            peers(nowMillis),
            gateway.isPresent() ? gatewayLink.wanted() : List.of(),
            hosted.stream().map(Future::result).toList(),
            gateway.map(endpoint -> endpoint.inspect(inspection)).orElse(Standings.NONE),
            Figures.of(metrics)));
  }

  /** Each host is looked at on its own loop. */
  private Future<Hosted> ask(ServiceHost host) {
    Promise<Hosted> promise = Promise.promise();
    host.loop().runOnContext(turn -> {
      Hosted hosted = host.inspect();
      loop.runOnContext(back -> promise.complete(hosted));
    });
    return promise.future();
  }

  NodeInfo node() {
    return self;
  }

  /** The nodes of the mesh as this one sees them, by id. */
  List<Peer> peers(long nowMillis) {
    return membership.members().stream().map(member -> peer(member, nowMillis)).toList();
  }

  private static Peer peer(Membership.Member member, long nowMillis) {
    return new Peer(
        member.info(),
        member.suspected(),
        Math.max(0, nowMillis - member.beatAtMillis()),
        member.accepting().stream().sorted().toList());
  }
}
