package io.madang.gateway;

import io.madang.gateway.command.Commands;
import io.madang.gateway.connection.Connection;
import io.madang.gateway.connection.Connections;
import io.madang.gateway.connection.Surroundings;
import io.madang.gateway.connection.Topics;
import io.madang.gateway.connection.measure.ConnectionMeters;
import io.madang.gateway.connection.measure.LoopCounts;
import io.madang.gateway.connection.measure.LoopTime;
import io.madang.gateway.edge.bridge.BridgeTalk;
import io.madang.gateway.edge.docs.DocsRoutes;
import io.madang.gateway.edge.http.CommandRoutes;
import io.madang.gateway.edge.http.Headers;
import io.madang.gateway.edge.http.HttpCallers;
import io.madang.gateway.edge.http.HttpLinks;
import io.madang.gateway.edge.http.PageRoutes;
import io.madang.gateway.edge.http.Problems;
import io.madang.gateway.edge.http.ServiceRoutes;
import io.madang.gateway.edge.http.TopicRoutes;
import io.madang.gateway.edge.http.UploadRoutes;
import io.madang.gateway.edge.signalr.HubCallers;
import io.madang.gateway.edge.signalr.HubCarrier;
import io.madang.gateway.edge.signalr.HubCarriers;
import io.madang.gateway.edge.signalr.HubEdge;
import io.madang.gateway.edge.signalr.NegotiatedHubs;
import io.madang.gateway.edge.signalr.http.HubHttp;
import io.madang.gateway.edge.signalr.meaning.HubSpeeches;
import io.madang.gateway.edge.signalr.negotiation.CarriedTimes;
import io.madang.gateway.edge.signalr.negotiation.HubHeirNews;
import io.madang.gateway.edge.signalr.negotiation.HubTokens;
import io.madang.gateway.edge.signalr.negotiation.Negotiations;
import io.madang.gateway.edge.signalr.replay.ReplayBudget;
import io.madang.gateway.edge.signalr.replay.ResumeRules;
import io.madang.gateway.edge.signalr.session.HubProtocol;
import io.madang.gateway.edge.signalr.talk.HubPlace;
import io.madang.gateway.edge.signalr.talk.HubTalk;
import io.madang.gateway.edge.signalr.talk.HubTimes;
import io.madang.gateway.edge.sockjs.SockJsEdge;
import io.madang.gateway.edge.sockjs.session.SessionTimes;
import io.madang.gateway.edge.sockjs.talk.NativeTalk;
import io.madang.gateway.edge.sse.EventStreamEdge;
import io.madang.gateway.edge.sse.StreamCallers;
import io.madang.gateway.edge.websocket.Doorman;
import io.madang.gateway.edge.websocket.EchoEdge;
import io.madang.gateway.edge.websocket.WebSocketEdge;
import io.madang.gateway.edge.websocket.wire.SocketLoop;
import io.madang.gateway.edge.websocket.wire.Sockets;
import io.madang.gateway.fanout.SubscriptionHub;
import io.madang.gateway.identity.OriginPolicy;
import io.madang.gateway.identity.http.RequestCredentials;
import io.madang.gateway.identity.revocation.LoopRevocations;
import io.madang.gateway.identity.revocation.Revocations;
import io.madang.gateway.limit.AdmissionDesk;
import io.madang.gateway.limit.ClientAddress;
import io.madang.gateway.limit.DeadlineWheel;
import io.madang.gateway.limit.DeadlineWheel.Deadline;
import io.madang.gateway.limit.ShareStore;
import io.madang.gateway.limit.UserRates;
import io.madang.gateway.limit.UserShares;
import io.madang.protocol.code.CloseCode;
import io.madang.protocol.codec.FrameCodec;
import io.madang.runtime.launch.RoleContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop of the gateway: its HTTP server, its connections and everything they share. All instances listen on one
 * port; a connection belongs to the loop that accepted it. Nothing of it is touched on any other thread, but for {@link
 * Connections#size()}.
 */
final class GatewayVerticle extends VerticleBase {
  /** What all loops share. */
  record Shared(
      RoleContext role,
      GatewayConfig config,
      OriginPolicy origins,
      SignIn signIn,
      SubscriptionHub hub,
      AdmissionDesk admission,
      ShareStore shares,
      Revocations revocations,
      ConnectionMeters meters,
      ConversationHomes homes,
      AskedClients clients,
      HubSpeeches speeches,
      ReplayBudget replays) {}

  /** One loop that listens, and what of it may be asked on any thread: how many there are. */
  record Listening(int port, Connections connections, HttpLinks links) {}

  /** Why clients should not all come back in the same moment. */
  private static final int RECONNECT_SPREAD_MS = 500;

  /** Time for a client whose WebSocket ended at a stop to ask for another one. */
  private static final long MOVING_MS = 300;

  /** Time for each client of a loop at a stop, while the whole has room for that: few clients need not wait for it. */
  private static final long SLOT_MS = 4;

  /** After its slot a client has its answers and its goodbye by then, or never. */
  private static final Duration CUT_AFTER = Duration.ofSeconds(8);

  private static final Logger LOG = LoggerFactory.getLogger(GatewayVerticle.class);

  private final Shared shared;
  /** Among the gateway's loops, from 1 on. */
  private final int number;

  private final GatewayConfig config;
  private final LoopTime time = LoopTime.system();
  private final DeadlineWheel deadlines = new DeadlineWheel(time.nowMs());
  private final FrameCodec codec = new FrameCodec();
  private final ClientAddress addresses;
  private final Connections connections;
  private final HubCarriers carriers = new HubCarriers();
  private final MissedServices missed;
  private HttpLinks links;

  /** Null until it starts. */
  private HubHttp hubs;

  /** Null until it starts. */
  private SockJsEdge sockJs;

  /** Null until it starts; of the first loop alone anybody wants it. */
  private HubHeirNews heirNews;

  private HttpServer server;
  private long ticker = -1;

  /** Null until it listens. */
  private Listening listening;

  /** @param number of this loop among the gateway's, for the names of its connections */
  GatewayVerticle(Shared shared, int number) {
    this.shared = shared;
    this.number = number;
    this.config = shared.config();
    this.addresses = new ClientAddress(config.trustedProxies());
    this.missed = new MissedServices(config.unreadyAfter(), config.sendAwayAfter());
    this.connections = new Connections(shared.role().mesh().self().id() + "-" + number);
  }

  @Override
  public Future<?> start() {
    ticker = vertx.setPeriodic(DeadlineWheel.TICK_MS, tick -> onTick());
    links = new HttpLinks(config.connectTimeout(), config.idleTimeout(), deadlines, time::nowMs);
    Router router = router();
    server = vertx
        .createHttpServer(serverOptions())
        .connectionHandler(connection -> {
          Sockets.keepBodiesOnHeap(connection);
          links.onConnection(connection);
        })
        .requestHandler(request -> {
          links.onRequest(request);
          router.handle(request);
        });
    return server
        .listen(portToBind(), config.host())
        .onSuccess(bound -> listening = new Listening(bound.actualPort(), connections, links));
  }

  /** What may be asked of this loop, once it is deployed. */
  Listening listening() {
    return listening;
  }

  private void onTick() {
    deadlines.advance(time.nowMs());
    Map<String, Duration> services = shared.role().mesh().missed();
    if (missed.isTimeToSendAway(services)) {
      LOG.warn("No node is reached of {}: {} clients are sent away", services, connections.size());
      connections.sendAway(CloseCode.RESTARTING, GatewayVerticle::spread);
    }
  }

  /** Drains every client in its slot, then stops listening; what is still there after the time for it is cut. */
  @Override
  public Future<?> stop() {
    int clients = connections.size() + carriesForOthers();
    long windowMs = Math.min(config.drain().toMillis(), clients * SLOT_MS);
    Supplier<Duration> slot =
        () -> Duration.ofMillis(ThreadLocalRandom.current().nextLong(windowMs + 1));
    Promise<Void> late = Promise.promise();
    deadlines.at(time.nowMs() + windowMs + CUT_AFTER.toMillis(), () -> {
      connections.cutAll();
      late.tryComplete();
    });
    Future<?> carried = leaveOthers(slot, Duration.ofMillis(windowMs));
    return connections
        .drain(CloseCode.RESTARTING, slot, GatewayVerticle::spread, deadlines, time.nowMs())
        .compose(gone -> Future.any(carried, late.future()))
        .compose(gone -> leaveCarriers())
        .compose(gone -> hubs == null || clients == 0 ? Future.succeededFuture() : letMove())
        .compose(gone -> server == null
            ? Future.succeededFuture()
            : server.shutdown(Connection.GOODBYE.toMillis(), TimeUnit.MILLISECONDS))
        .onComplete(closed -> vertx.cancelTimer(ticker));
  }

  /** How many responses wait here for conversations of other gateways. */
  private int carriesForOthers() {
    return hubs == null ? 0 : hubs.carriesForOthers() + sockJs.carriesForOthers();
  }

  /** As {@link HubHttp#leave}. */
  private Future<?> leaveOthers(Supplier<Duration> slot, Duration window) {
    return hubs == null
        ? Future.succeededFuture()
        : Future.all(
            hubs.leave(slot, window, deadlines, time::nowMs),
            sockJs.leave(slot, window, deadlines, time::nowMs));
  }

  /** What they carry lives on other loops, which take at most as long as all clients together. */
  private Future<Void> leaveCarriers() {
    deadlines.at(time.nowMs() + config.drain().toMillis() + CUT_AFTER.toMillis(), carriers::cutAll);
    return carriers.leave();
  }

  /** Whoever was let go last may come by this gateway once more, and be carried, before it finds the next. */
  private Future<Void> letMove() {
    Promise<Void> moved = Promise.promise();
    deadlines.at(time.nowMs() + MOVING_MS, moved::tryComplete);
    return moved.future();
  }

  private static Duration spread() {
    return Duration.ofMillis(ThreadLocalRandom.current().nextInt(RECONNECT_SPREAD_MS));
  }

  /** All loops must share one port; for Vert.x a negative one is "any free port, the same for all that say so". */
  private int portToBind() {
    return config.port() == 0 ? -1 : config.port();
  }

  private HttpServerOptions serverOptions() {
    return new HttpServerOptions()
        .setAcceptBacklog(8_192)
        .setTcpKeepAlive(true)
        .setHttp2ClearTextEnabled(false)
        .setCompressionSupported(false)
        // On by default, and would sit between a socket of ours and its channel.
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false)
        // One queue less per socket; everything here stays on the socket's loop anyway.
        .setStrictThreadMode(true)
        .setMaxHeaderSize(config.maxHeaderBytes())
        .setMaxInitialLineLength(config.maxHeaderBytes() / 2)
        .setMaxFormAttributeSize(config.maxBodyBytes());
  }

  private Router router() {
    LoopRevocations revoked = shared.revocations().forThisLoop(connections::endRevoked);
    SignIn.OfLoop signIn = shared.signIn().forThisLoop(shared.revocations(), revoked);
    UserShares shares = new UserShares(config.userRate(), shared.shares(), time::nowMs);
    Surroundings around = surroundings(signIn, shares);
    Headers headers = new Headers(shared.origins());
    RequestCredentials credentials = new RequestCredentials(shared.origins());
    Function<HttpServerRequest, String> address = this::address;
    HttpCallers callers = new HttpCallers(
        credentials,
        signIn.authenticator(),
        new UserRates(config.commandsPerSecond(), config.commandBurst()),
        shares,
        time::nowMs);
    LoopCounts counts = new LoopCounts(shared.meters());
    SocketLoop sockets = sockets(config.maxMessageBytes(), counts);
    Doorman doorman = doorman(headers, sockets);

    Router router = Router.router(vertx);
    Problems.answerFailures(router);
    router.route().handler(Headers::secure);
    router.route().handler(Problems::requireReadableQuery);
    new WebSocketEdge(doorman, credentials, around, counts, codec).mount(router);
    new EchoEdge(doorman, config.clientTimeout(), deadlines, time::nowMs).mount(router);
    shared.homes().relay().movedIn(number - 1, context, deadlines, time::nowMs);
    shared.clients().movedIn(number - 1, context, connections);
    mountSockJs(router, headers, credentials, around, counts);
    new EventStreamEdge(
            headers,
            links,
            shared.admission(),
            new StreamCallers(credentials, signIn.authenticator(), signIn::tokenFor, time::instant),
            address,
            sockets,
            around,
            counts,
            codec,
            config.maxStreamTopics())
        .mount(router);
    router.route("/api/*").handler(headers::shareWithAllowedOrigins);
    signIn.mount(router, address);
    new ServiceRoutes(shared.role().mesh().directory(), shared.role().health()).mount(router);
    new DocsRoutes(shared.role().mesh().directory()).mount(router);
    new TopicRoutes(callers, shared.role().mesh().client(), codec).mount(router);
    new UploadRoutes(callers, around.commands(), shared.role().mesh().directory(), links)
        .mount(router);
    new CommandRoutes(
            callers, around.commands(), shared.role().mesh().directory(), config.maxBodyBytes())
        .mount(router);
    router.route("/api/*").handler(Problems::nothingHere);
    mountHubs(router, headers, credentials, doorman, signIn, around, counts);
    PageRoutes.mount(router);
    return router;
  }

  private void mountSockJs(
      Router router,
      Headers headers,
      RequestCredentials credentials,
      Surroundings around,
      LoopCounts counts) {
    int loop = number - 1;
    int maxMessageBytes = config.maxMessageBytes() * SockJsEdge.GROWTH;
    SessionTimes times = new SessionTimes(
        SessionTimes.ABSENCE,
        config.keepAlive().compareTo(SessionTimes.LONGEST_HEARTBEAT) < 0
            ? config.keepAlive()
            : SessionTimes.LONGEST_HEARTBEAT,
        deadlines,
        time::nowMs,
        task -> context.runOnContext(turn -> task.run()));
    Doorman doorman = doorman(headers, sockets(maxMessageBytes, counts));
    sockJs = new SockJsEdge(
        new SockJsEdge.Loop(context, loop, times, doorman),
        new SockJsEdge.Door(
            headers,
            shared.origins().listed(),
            credentials,
            shared.admission(),
            this::address,
            addresses::isTrusted,
            config.maxMessageBytes()));
    ConversationHomes homes = shared.homes();
    sockJs.mount(
        router,
        ConversationHomes.SESSIONS,
        NativeTalk.on(around, counts, codec),
        homes.sessions(),
        homes.gateways(loop, ConversationHomes.SESSIONS));
    sockJs.mount(
        router,
        ConversationHomes.BRIDGES,
        BridgeTalk.on(around, counts, shared.role().mesh().directory()),
        homes.bridges(),
        homes.gateways(loop, ConversationHomes.BRIDGES));
  }

  private void mountHubs(
      Router router,
      Headers headers,
      RequestCredentials credentials,
      Doorman doorman,
      SignIn.OfLoop signIn,
      Surroundings around,
      LoopCounts counts) {
    int loop = number - 1;
    boolean letsGuestsIn = signIn.guests().isPresent();
    ConversationHomes homes = shared.homes();
    HubCallers callers = new HubCallers(credentials, signIn.authenticator(), letsGuestsIn);
    HubProtocol protocol = HubTalk.on(new HubPlace(
        around, counts, shared.speeches(), signIn.guests(), HubTimes.of(config.keepAlive())));
    Negotiations negotiations = new Negotiations(
        new HubTokens(shared.role().mesh().self().id(), loop, homes.key(), new SecureRandom()),
        new Negotiations.Around(
            new CarriedTimes(
                deadlines, time::nowMs, task -> context.runOnContext(turn -> task.run())),
            protocol,
            signIn.authenticator(),
            shared.admission(),
            homes::isLive,
            homes.succession(loop, connections::isClosing),
            new ResumeRules(config.hubWindow(), config.replayBytes(), shared.replays()),
            Negotiations.MAX_WAITING));
    homes.hubs().movedIn(loop, context, negotiations);
    heirNews = homes.heirNews(this::after);
    homes.heirNotes().movedIn(loop, context, heirNews);
    hubs = new HubHttp(
        new HubHttp.Door(
            headers,
            callers::offered,
            letsGuestsIn,
            this::address,
            config.hubRedirect(),
            connections::isClosing,
            config.maxMessageBytes() * HubHttp.MESSAGES_PER_BODY),
        negotiations,
        homes.hubs(loop, context));
    new HubEdge(
            shared.role().mesh().directory(),
            callers,
            doorman,
            protocol,
            connections::nextId,
            this::address,
            new NegotiatedHubs(
                hubs,
                callers,
                doorman,
                protocol,
                new HubCarrier.Times(this::after, config.keepAlive()),
                carriers,
                this::address))
        .mount(router);
  }

  private Deadline after(Duration wait, Runnable task) {
    return deadlines.at(time.nowMs() + wait.toMillis(), task);
  }

  /** Other gateways are live than before. Safe on any thread. */
  void membersChanged() {
    context.runOnContext(turn -> heirNews.membersChanged());
  }

  /** Tells the other gateways who goes on for this one. Safe on any thread. */
  Future<Void> tellHeirs() {
    Promise<Void> told = Promise.promise();
    context.runOnContext(turn -> heirNews.tellAll().onComplete(told));
    return told.future();
  }

  private Doorman doorman(Headers headers, SocketLoop sockets) {
    return new Doorman(
        headers,
        shared.admission(),
        links,
        connections,
        sockets,
        config.deflating(),
        this::address);
  }

  private SocketLoop sockets(int maxMessageBytes, LoopCounts counts) {
    return SocketLoop.of(
        context,
        deadlines,
        time::nowMs,
        maxMessageBytes,
        config.laggingBytes(),
        config.connectionLimits().drainedBytes(),
        Connection.GOODBYE,
        counts::tell);
  }

  private Surroundings surroundings(SignIn.OfLoop signIn, UserShares shares) {
    return new Surroundings(
        shared.role().mesh().self().name(),
        config.connectionLimits(),
        time,
        deadlines,
        signIn.authenticator(),
        shared.admission(),
        shares,
        new Commands(shared.role().mesh().client()),
        Topics.of(shared.hub().newFanout(task -> context.runOnContext(turn -> task.run()))),
        connections,
        shared.meters());
  }

  private String address(HttpServerRequest request) {
    return addresses.of(
        request.remoteAddress().hostAddress(), request.headers().getAll("X-Forwarded-For"));
  }
}
