package io.madang.gateway;

import io.madang.gateway.edge.relay.Homes;
import io.madang.gateway.edge.relay.Line;
import io.madang.gateway.edge.relay.Relay;
import io.madang.gateway.edge.sockjs.Gateways;
import io.madang.gateway.edge.sockjs.SockJsRequests;
import io.madang.gateway.edge.sockjs.session.Deliver;
import io.madang.gateway.edge.sockjs.session.Receive;
import io.madang.runtime.membership.NodeInfo;
import io.madang.runtime.mesh.Mesh;
import io.madang.runtime.topic.Payload;
import java.util.List;

/** Where sessions of SockJS live, here and at other gateways, as all loops of this one see it. */
record SockJsHomes(
    Mesh mesh, Homes<Receive, Deliver> sessions, Homes<Receive, Deliver> bridges, Relay relay) {
  /** The base of sessions that speak the native frames. */
  static final String SESSIONS = "/sockjs";

  /** The base of sessions that speak those of the event-bus bridge. */
  static final String BRIDGES = "/eventbus";

  static SockJsHomes of(Mesh mesh, int loops) {
    Homes<Receive, Deliver> sessions = Homes.byHash(loops);
    Homes<Receive, Deliver> bridges = Homes.byHash(loops);
    Relay relay = new Relay.Plan()
        .with(SESSIONS, sessions, new SockJsRequests())
        .with(BRIDGES, bridges, new SockJsRequests())
        .begin(line(mesh), loops);
    return new SockJsHomes(mesh, sessions, bridges, relay);
  }

  /** As a loop sees them that has moved in. */
  Gateways gateways(int loop, String base) {
    return new Gateways(
        mesh.self().id(),
        () -> live(mesh),
        node -> relay.elsewhere(loop, base, new SockJsRequests(), node));
  }

  private static Line line(Mesh mesh) {
    return new Line() {
      @Override
      public void send(String node, Payload word) {
        mesh.relay(node, word);
      }

      @Override
      public boolean isLive(String node) {
        return live(mesh).contains(node);
      }
    };
  }

  private static List<String> live(Mesh mesh) {
    return mesh.live().stream().filter(NodeInfo::isGateway).map(NodeInfo::id).toList();
  }
}
