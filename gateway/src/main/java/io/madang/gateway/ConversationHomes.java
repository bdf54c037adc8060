package io.madang.gateway;

import io.madang.gateway.edge.relay.Home;
import io.madang.gateway.edge.relay.Homes;
import io.madang.gateway.edge.relay.Line;
import io.madang.gateway.edge.relay.Relay;
import io.madang.gateway.edge.signalr.negotiation.HubDeliver;
import io.madang.gateway.edge.signalr.negotiation.HubHeirNews;
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
import io.madang.gateway.limit.DeadlineWheel.Deadline;
import io.madang.runtime.hub.Hub;
import io.madang.runtime.membership.NodeInfo;
import io.madang.runtime.mesh.Mesh;
import io.madang.runtime.topic.Payload;
import io.vertx.core.Context;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;

/**
 * Where conversations live that many requests carry, here and at other gateways, as all loops of this one see it.
 *
 * @param sessions of SockJS that speak the native frames
 * @param bridges of SockJS that speak those of the event-bus bridge
 * @param hubs connections of hubs that were negotiated
 * @param heirs who goes on with connections of hubs whose gateway stops
 * @param heirNotes where the notes of other gateways about that are heard
 * @param key by which this gateway knows the tokens of those
 */
record ConversationHomes(
    Mesh mesh,
    Homes<Receive, Deliver> sessions,
    Homes<Receive, Deliver> bridges,
    Homes<HubReceive, HubDeliver> hubs,
    HubHeirs heirs,
    Homes<Payload, Payload> heirNotes,
    HubKey key,
    Relay relay) {
  /** The base of sessions that speak the native frames. */
  static final String SESSIONS = "/sockjs";

  /** The base of sessions that speak those of the event-bus bridge. */
  static final String BRIDGES = "/eventbus";

  /** What gateways call connections of hubs among each other. */
  private static final String HUBS = "hubs";

  /** Under which they tell each other who goes on for whom. */
  private static final String HEIRS = "heirs";

  /** The loop that tells and hears that. */
  private static final int FIRST = 0;

  static ConversationHomes of(Mesh mesh, int loops) {
    Homes<Receive, Deliver> sessions = Homes.byHash(loops);
    Homes<Receive, Deliver> bridges = Homes.byHash(loops);
    Homes<HubReceive, HubDeliver> hubs = new Homes<>(loops, HubTokens::loopOf);
    Homes<Payload, Payload> heirNotes = new Homes<>(loops, teller -> FIRST);
    Relay relay = new Relay.Plan()
        .with(SESSIONS, sessions, new SockJsRequests())
        .with(BRIDGES, bridges, new SockJsRequests())
        .with(HUBS, hubs, new HubRequestCodec())
        .with(HEIRS, heirNotes, new HubHeirNews.Notes())
        .begin(line(mesh), loops);
    return new ConversationHomes(
        mesh,
        sessions,
        bridges,
        hubs,
        new HubHeirs(),
        heirNotes,
        HubKey.random(new SecureRandom()),
        relay);
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

  /** Tells other gateways who goes on for whom, on a loop that has moved in; on the first. */
  HubHeirNews heirNews(BiFunction<Duration, Runnable, Deadline> after) {
    String self = mesh.self().id();
    return new HubHeirNews(
        self,
        heirs,
        new HubHeirNews.Around(
            () -> live(mesh).stream().filter(node -> !node.equals(self)).toList(),
            node -> relay.elsewhere(FIRST, HEIRS, new HubHeirNews.Notes(), node),
            after,
            () -> ThreadLocalRandom.current().nextDouble()));
  }

  /** This gateway stops: another one that does not is to go on with connections of hubs, if there is one. */
  void bequeath() {
    String self = mesh.self().id();
    List<String> others = live(mesh).stream()
        .filter(node -> !node.equals(self) && !heirs.isStopping(node))
        .sorted()
        .toList();
    if (!others.isEmpty()) {
      String heir = others.get(Math.floorMod(self.hashCode(), others.size()));
      heirs.goesOn(self, heir, System.currentTimeMillis());
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
