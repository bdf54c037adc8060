package io.madang.runtime.mesh;

import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.host.ServiceHost;
import io.madang.runtime.membership.NodeInfo;
import io.madang.runtime.mesh.ask.RoutingClient;
import io.madang.runtime.mesh.directory.Directory;
import java.util.function.Consumer;

/** Tells whom it concerns at this node that others come, go, fall silent and are heard again. Owns nothing. On the mesh loop. */
final class NodeChanges implements Neighbourhood.Host {
  private final HostedServices hosted;
  private final Directory directory;
  private final Endpoints endpoints;
  private final GatewayLink gatewayLink;
  private final BatchIntake batches;
  private final RoutingClient client;
  private final OwnBeat beat;

  NodeChanges(
      HostedServices hosted,
      Directory directory,
      Endpoints endpoints,
      GatewayLink gatewayLink,
      BatchIntake batches,
      RoutingClient client,
      OwnBeat beat) {
    this.hosted = hosted;
    this.directory = directory;
    this.endpoints = endpoints;
    this.gatewayLink = gatewayLink;
    this.batches = batches;
    this.client = client;
    this.beat = beat;
  }

  @Override
  public void onJoined(NodeInfo node) {
    tellHosts(node, host -> host.onGatewayJoined(node));
    beat.sendTo(node);
  }

  @Override
  public void onSilent(NodeInfo node) {
    tellHosts(node, host -> host.onGatewaySilent(node));
  }

  @Override
  public void onReturned(NodeInfo node) {
    tellHosts(node, host -> host.onGatewayReturned(node));
  }

  @Override
  public void onGone(NodeInfo node) {
    tellHosts(node, host -> host.onGatewayGone(node));
    batches.onGone(node.id());
    gatewayLink.onGone(node.id());
    client.onGone(node.id());
  }

  /** What every hosted service does about a node that is a gateway; nothing about another. */
  private void tellHosts(NodeInfo node, Consumer<ServiceHost> work) {
    if (node.isGateway()) {
      hosted.tellAll(work);
    }
  }

  @Override
  public void onEvidence(NodeInfo node) {
    for (ServiceDescriptor service : directory.services()) {
      if (node.hosts(service.service())) {
        endpoints.gateway().ifPresent(endpoint -> endpoint.onEvidence(service.service()));
      }
    }
  }

  @Override
  public void onChanged() {
    gatewayLink.onMembershipChanged();
    endpoints.onOthersLive();
  }
}
