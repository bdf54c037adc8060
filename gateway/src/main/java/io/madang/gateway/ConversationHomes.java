package io.madang.gateway;

import io.madang.gateway.edge.relay.Home;
import io.madang.gateway.edge.relay.Homes;
import io.madang.gateway.edge.relay.Line;
import io.madang.gateway.edge.relay.Relay;
import io.madang.gateway.edge.signalr.negotiation.HubDeliver;
import io.madang.gateway.edge.signalr.negotiation.HubHeirs;
import io.madang.gateway.edge.signalr.negotiation.HubKey;
import io.madang.gateway.edge.signalr.negotiation.HubReceive;
import io.madang.gateway.edge.signalr.negotiation.HubRequestCodec;
import io.madang.gateway.edge.signalr.negotiation.HubSuccession;
import io.madang.gateway.edge.signalr.negotiation.HubTokens;
import io.madang.gateway.edge.signalr.negotiation.HubWhereabouts;
import io.madang.gateway.edge.sockjs.Gateways;
import io.madang.gateway.edge.sockjs.SockJsRequests;
import io.madang.gateway.edge.sockjs.session.Deliver;
import io.madang.gateway.edge.sockjs.session.Receive;
import io.madang.runtime.hub.Hub;
import io.madang.runtime.membership.NodeInfo;
import io.madang.runtime.mesh.Mesh;
import io.madang.runtime.topic.Payload;
import io.vertx.core.Context;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Where conversations live that many requests carry, here and at other gateways, as all loops of this one see it.
 *
 * @param sessions of SockJS that speak the native frames
 * @param bridges of SockJS that speak those of the event-bus bridge
 * @param hubs connections of hubs that were negotiated
 * @param heirs who goes on with connections of hubs whose gateway stops
 * @param key by which this gateway knows the tokens of those
 */
record ConversationHomes(
    Mesh mesh,
    Homes<Receive, Deliver> sessions,
    Homes<Receive, Deliver> bridges,
    Homes<HubReceive, HubDeliver> hubs,
    HubHeirs heirs,
    HubKey key,
    Relay relay) {
  /** The base of sessions that speak the native frames. */
  static final String SESSIONS = "/sockjs";

  /** The base of sessions that speak those of the event-bus bridge. */
  static final String BRIDGES = "/eventbus";

  /** Under which gateways tell each other who goes on for whom. */
  static final String HEIRS = "heirs";

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
        mesh, sessions, bridges, hubs, new HubHeirs(), HubKey.random(new SecureRandom()), relay);
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
        node -> hubsAt(loop, node),
        stopped -> heirs.of(stopped, this::isLive));
  }

  private Home<HubReceive, HubDeliver> hubsAt(int loop, String node) {
    return relay.elsewhere(loop, HUBS, new HubRequestCodec(), node);
  }

  /** This gateway stops: another one that does not is to go on with connections of hubs, if there is one, and the others know it. */
  void bequeath() {
    String self = mesh.self().id();
    List<String> others = live(mesh).stream()
        .filter(node -> !node.equals(self) && !heirs.isStopping(node))
        .sorted()
        .toList();
    if (!others.isEmpty()) {
      String heir = others.get(Math.floorMod(self.hashCode(), others.size()));
      heirs.goesOn(self, heir);
      mesh.tellGateways(HEIRS, HubHeirs.note(self, heir));
    }
  }

  /** How a loop hands over connections of hubs, and takes those of others. */
  HubSuccession succession(int loop, BooleanSupplier isClosing) {
    return new HubSuccession() {
      @Override
      public Optional<Home<HubReceive, HubDeliver>> heir() {
        return heirs
            .of(mesh.self().id(), ConversationHomes.this::isLive)
            .map(node -> hubsAt(loop, node));
      }

      @Override
      public Optional<Hub> hub(String name) {
        return isClosing.getAsBoolean() || heirs.isStopping(mesh.self().id())
            ? Optional.empty()
            : mesh.directory().hub("/hubs/" + name);
      }
    };
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
