package io.madang.gateway;

import io.madang.gateway.edge.relay.Homes;
import io.madang.gateway.edge.relay.Line;
import io.madang.gateway.edge.relay.Relay;
import io.madang.gateway.edge.signalr.negotiation.HubDeliver;
import io.madang.gateway.edge.signalr.negotiation.HubKey;
import io.madang.gateway.edge.signalr.negotiation.HubReceive;
import io.madang.gateway.edge.signalr.negotiation.HubRequestCodec;
import io.madang.gateway.edge.signalr.negotiation.HubTokens;
import io.madang.gateway.edge.signalr.negotiation.HubWhereabouts;
import io.madang.gateway.edge.sockjs.Gateways;
import io.madang.gateway.edge.sockjs.SockJsRequests;
import io.madang.gateway.edge.sockjs.session.Deliver;
import io.madang.gateway.edge.sockjs.session.Receive;
import io.madang.runtime.membership.NodeInfo;
import io.madang.runtime.mesh.Mesh;
import io.madang.runtime.topic.Payload;
import io.vertx.core.Context;
import java.security.SecureRandom;
import java.util.List;

/**
 * Where conversations live that many requests carry, here and at other gateways, as all loops of this one see it.
 *
 * @param sessions of SockJS that speak the native frames
 * @param bridges of SockJS that speak those of the event-bus bridge
 * @param hubs connections of hubs that were negotiated
 * @param key by which this gateway knows the tokens of those
 */
record ConversationHomes(
    Mesh mesh,
    Homes<Receive, Deliver> sessions,
    Homes<Receive, Deliver> bridges,
    Homes<HubReceive, HubDeliver> hubs,
    HubKey key,
    Relay relay) {
  /** The base of sessions that speak the native frames. */
  static final String SESSIONS = "/sockjs";

  /** The base of sessions that speak those of the event-bus bridge. */
  static final String BRIDGES = "/eventbus";

  /** What gateways call connections of hubs among each other. */
  private static final String HUBS = "hubs";

  static ConversationHomes of(Mesh mesh, int loops) {
    Homes<Receive, Deliver> sessions = Homes.byHash(loops);
    Homes<Receive, Deliver> bridges = Homes.byHash(loops);
    Homes<HubReceive, HubDeliver> hubs = new Homes<>(loops, HubTokens::loopOf);
    Relay relay = new Relay.Plan()
        .with(SESSIONS, sessions, new SockJsRequests())
        .with(BRIDGES, bridges, new SockJsRequests())
        .with(HUBS, hubs, new HubRequestCodec())
        .begin(line(mesh), loops);
    return new ConversationHomes(
        mesh, sessions, bridges, hubs, HubKey.random(new SecureRandom()), relay);
  }

  /** Sessions of SockJS, as a loop sees them that has moved in. */
  Gateways gateways(int loop, String base) {
    return new Gateways(
        mesh.self().id(),
        () -> live(mesh),
        node -> relay.elsewhere(loop, base, new SockJsRequests(), node));
  }

  /** Connections of hubs, as a loop sees them that has moved in. */
  HubWhereabouts hubs(int loop, Context context) {
    return new HubWhereabouts(
        mesh.self().id(),
        this::isLive,
        token -> hubs.of(token, context),
        node -> relay.elsewhere(loop, HUBS, new HubRequestCodec(), node));
  }

  /** Whether a gateway is there, in this very life of its name. */
  boolean isLive(String node) {
    return live(mesh).contains(node);
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
