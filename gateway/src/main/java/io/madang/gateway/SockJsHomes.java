package io.madang.gateway;

import io.madang.gateway.edge.sockjs.Gateways;
import io.madang.gateway.edge.sockjs.session.Homes;
import io.madang.runtime.membership.NodeInfo;
import io.madang.runtime.mesh.Mesh;
import java.util.List;

/** Where sessions of SockJS live, as all loops of this gateway see it. */
record SockJsHomes(Homes sessions, Homes bridges, Gateways gateways) {

  static SockJsHomes of(Mesh mesh, int loops) {
    return new SockJsHomes(
        new Homes(loops), new Homes(loops), new Gateways(mesh.self().id(), () -> live(mesh), node -> {
          throw new IllegalStateException(node);
        }));
  }

  private static List<String> live(Mesh mesh) {
    return mesh.live().stream().filter(NodeInfo::isGateway).map(NodeInfo::id).toList();
  }
}
