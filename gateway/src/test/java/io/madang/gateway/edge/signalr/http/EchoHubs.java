package io.madang.gateway.edge.signalr.http;

import io.madang.gateway.connection.Connections;
import io.madang.gateway.edge.RawHttp;
import io.madang.gateway.edge.RawHttp.Answer;
import io.madang.gateway.edge.http.Headers;
import io.madang.gateway.edge.http.HttpLinks;
import io.madang.gateway.edge.http.Problems;
import io.madang.gateway.edge.relay.Home;
import io.madang.gateway.edge.relay.Homes;
import io.madang.gateway.edge.relay.Line;
import io.madang.gateway.edge.relay.Relay;
import io.madang.gateway.edge.signalr.HubCarrier;
import io.madang.gateway.edge.signalr.HubCarriers;
import io.madang.gateway.edge.signalr.negotiation.CarriedTimes;
import io.madang.gateway.edge.signalr.negotiation.HubDeliver;
import io.madang.gateway.edge.signalr.negotiation.HubHeirs;
import io.madang.gateway.edge.signalr.negotiation.HubKey;
import io.madang.gateway.edge.signalr.negotiation.HubReceive;
import io.madang.gateway.edge.signalr.negotiation.HubRequestCodec;
import io.madang.gateway.edge.signalr.negotiation.HubSuccession;
import io.madang.gateway.edge.signalr.negotiation.HubTokens;
import io.madang.gateway.edge.signalr.negotiation.HubWhereabouts;
import io.madang.gateway.edge.signalr.negotiation.Negotiations;
import io.madang.gateway.edge.signalr.replay.ReplayBudget;
import io.madang.gateway.edge.signalr.replay.ResumeRules;
import io.madang.gateway.edge.signalr.session.HubConversation;
import io.madang.gateway.edge.signalr.session.HubLink;
import io.madang.gateway.edge.signalr.session.HubMemory;
import io.madang.gateway.edge.signalr.session.HubOpening;
import io.madang.gateway.edge.signalr.session.HubTransport;
import io.madang.gateway.edge.signalr.wire.BadHubMessageException;
import io.madang.gateway.edge.signalr.wire.HubFormat;
import io.madang.gateway.edge.signalr.wire.HubFrames;
import io.madang.gateway.edge.signalr.wire.HubMessage;
import io.madang.gateway.edge.websocket.Doorman;
import io.madang.gateway.edge.websocket.wire.SocketLoop;
import io.madang.gateway.edge.websocket.wire.WireListener;
import io.madang.gateway.edge.websocket.wire.WireSocket;
import io.madang.gateway.identity.AuthenticationException;
import io.madang.gateway.identity.AuthenticationException.Reason;
import io.madang.gateway.identity.Authenticator;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.identity.OriginPolicy;
import io.madang.gateway.identity.Principal;
import io.madang.gateway.limit.Admission;
import io.madang.gateway.limit.AdmissionDesk;
import io.madang.gateway.limit.DeadlineWheel;
import io.madang.protocol.code.CloseCode;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.json.RawJson;
import io.madang.runtime.config.Secret;
import io.madang.runtime.hub.Hub;
import io.madang.runtime.topic.Payload;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;

/**
 * A hub that says again what it hears, at one gateway or more with two event loops each, and a clock that only the test moves.
 * Who sends {@code close} is told {@code bye} and closed; {@code good-<name>} is a token, and without one nobody is asked for it at
 * {@code /open}.
 */
final class EchoHubs implements AutoCloseable {
  static final int MAX_WAITING = 3;
  static final int MAX_BODY_BYTES = 64 * 1024;
  static final int PLACES = 20;
  static final Duration RESUME = Duration.ofSeconds(15);
  static final int REPLAY_BYTES = 1_000;
  static final String FRIEND = "https://friend.example";

  private static final int LOOPS = 2;
  private static final String KIND = "hub";
  private static final Hub HUB = new Hub("echo", List.of(), List.of(), List.of());

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
  private final AtomicLong nowMs = new AtomicLong(1_000_000);
  private final List<OneLoop> loops = new CopyOnWriteArrayList<>();
  private final List<Gateway> gateways = new ArrayList<>();
  private final AdmissionDesk admission;

  /** As all gateways know them. */
  final HubHeirs heirs = new HubHeirs();

  /** Of all gateways. */
  final ReplayBudget replays = new ReplayBudget(1_000_000);

  /** Which words between gateways arrive; told to whom it is. */
  volatile BiPredicate<String, Payload> arrives = (to, word) -> true;

  /** Gateways that the others take for dead. */
  final Set<String> dead = ConcurrentHashMap.newKeySet();

  /** Tokens that count no more. */
  final Set<String> revoked = ConcurrentHashMap.newKeySet();

  /** Conversations that were opened, and of these such as have been told that they are over. */
  final AtomicInteger opened = new AtomicInteger();

  final AtomicInteger closed = new AtomicInteger();
  final AtomicInteger heard = new AtomicInteger();

  EchoHubs(int count) {
    admission = new AdmissionDesk(
        vertx,
        ((VertxInternal) vertx).createEventLoopContext(),
        new Admission(new Admission.Limits(1_000_000, PLACES, 1_000_000), 0),
        nowMs::get);
    for (int i = 0; i < count; i++) {
      gateways.add(new Gateway("gateway-" + i + ".x"));
    }
    gateways.forEach(Gateway::start);
  }

  int port(int gateway) {
    return gateways.get(gateway).port;
  }

  String id(int gateway) {
    return gateways.get(gateway).id;
  }

  private boolean isLive(String node) {
    return !dead.contains(node) && gateways.stream().anyMatch(each -> each.id.equals(node));
  }

  // What clients do.

  /** The answer to a negotiation of version 1. */
  JsonObject negotiate(int gateway) {
    Answer answer = RawHttp.ask(port(gateway), "POST", "/open/negotiate?negotiateVersion=1", "");
    if (answer.status() != 200) {
      throw new AssertionError(answer);
    }
    return new JsonObject(answer.body());
  }

  /** The address of a connection that was negotiated. */
  String negotiated(int gateway) {
    return "/open?id=" + negotiate(gateway).getString("connectionToken");
  }

  /** The address of a connection that polls. */
  String polled(int gateway) {
    String address = negotiated(gateway);
    RawHttp.ask(port(gateway), "GET", address, "");
    return address;
  }

  // Time.

  /** Lets time pass for every loop. */
  void pass(Duration time) {
    long now = nowMs.addAndGet(time.toMillis());
    for (OneLoop loop : loops) {
      loop.run(() -> loop.deadlines.advance(now));
    }
  }

  /** As {@link #pass}, a quarter of a second at a time. */
  void passSlowly(Duration time) {
    for (long passed = 0; passed < time.toMillis(); passed += DeadlineWheel.TICK_MS) {
      pass(Duration.ofMillis(DeadlineWheel.TICK_MS));
    }
  }

  /** A gateway stops, and sends away at once what it carries for others; done when nothing of that is left. */
  Future<?> leave(int gateway) {
    List<Future<Void>> left = new CopyOnWriteArrayList<>();
    for (OneLoop loop : loops) {
      if (loop.gateway == gateways.get(gateway)) {
        loop.run(() -> loop.doors.forEach(door ->
            left.add(door.leave(() -> Duration.ZERO, Duration.ZERO, loop.deadlines, nowMs::get))));
      }
    }
    pass(Duration.ofMillis(DeadlineWheel.TICK_MS));
    return Future.all(left);
  }

  /** A gateway dies, and the others are told so. */
  void die(int gateway) {
    dead.add(id(gateway));
    gateways.forEach(each -> each.relay.membersChanged());
  }

  /** Connections that the gateways know of. */
  int known() {
    AtomicInteger all = new AtomicInteger();
    for (OneLoop loop : loops) {
      loop.run(() -> all.addAndGet(loop.negotiations.size()));
    }
    return all.get();
  }

  private static <T> T get(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(15, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    get(vertx.close());
  }

  /** One gateway, as far as hubs see it. */
  private final class Gateway implements Line {
    private final String id;
    private final Homes<HubReceive, HubDeliver> homes = new Homes<>(LOOPS, HubTokens::loopOf);
    private final HubKey key = HubKey.random(new SecureRandom());
    private final Relay relay;

    /** Where words of others are heard, in order. */
    private final Context mesh = ((VertxInternal) vertx).createEventLoopContext();

    private volatile int port;

    Gateway(String id) {
      this.id = id;
      relay = new Relay.Plan().with(KIND, homes, new HubRequestCodec()).begin(this, LOOPS);
    }

    void start() {
      AtomicInteger number = new AtomicInteger();
      get(vertx.deployVerticle(
          () -> new OneLoop(this, number.getAndIncrement()),
          new DeploymentOptions().setInstances(LOOPS)));
    }

    HubSuccession succession(int loop) {
      return new HubSuccession() {
        @Override
        public Optional<Home<HubReceive, HubDeliver>> heir() {
          return heirs
              .of(id, EchoHubs.this::isLive)
              .map(node -> relay.elsewhere(loop, KIND, new HubRequestCodec(), node));
        }

        @Override
        public Optional<Hub> hub(String name) {
          return Optional.of(HUB);
        }
      };
    }

    @Override
    public void send(String node, Payload word) {
      Gateway to =
          gateways.stream().filter(each -> each.id.equals(node)).findFirst().orElseThrow();
      if (!dead.contains(node) && !dead.contains(id) && arrives.test(node, word)) {
        to.mesh.runOnContext(turn -> to.relay.heard(id, word));
      }
    }

    @Override
    public boolean isLive(String node) {
      return EchoHubs.this.isLive(node);
    }
  }

  private final class OneLoop extends VerticleBase {
    private final Gateway gateway;
    private final int number;
    private final DeadlineWheel deadlines = new DeadlineWheel(nowMs.get());
    private final HubCarriers carriers = new HubCarriers();
    private final List<HubHttp> doors = new ArrayList<>();
    private Negotiations negotiations;

    OneLoop(Gateway gateway, int number) {
      this.gateway = gateway;
      this.number = number;
    }

    void run(Runnable task) {
      CompletableFuture<Void> done = new CompletableFuture<>();
      context.runOnContext(turn -> {
        task.run();
        done.complete(null);
      });
      done.orTimeout(10, TimeUnit.SECONDS).join();
    }

    @Override
    public Future<?> start() {
      loops.add(this);
      gateway.relay.movedIn(number, context, deadlines, nowMs::get);
      negotiations = new Negotiations(
          new HubTokens(gateway.id, number, gateway.key, new SecureRandom()),
          new Negotiations.Around(
              new CarriedTimes(
                  deadlines, nowMs::get, task -> context.runOnContext(turn -> task.run())),
              (link, opening) -> opening.transport() == HubTransport.WEBSOCKETS
                  ? new NumberedTalk(link, opening)
                  : new EchoTalk(link),
              authenticator(),
              admission,
              EchoHubs.this::isLive,
              gateway.succession(number),
              new ResumeRules(RESUME, REPLAY_BYTES, replays),
              MAX_WAITING));
      gateway.homes.movedIn(number, context, negotiations);
      Router router = Router.router(vertx);
      Problems.answerFailures(router);
      router.route().handler(Headers::secure);
      mount(router, "/open", true);
      mount(router, "/signed-in", false);
      return vertx
          .createHttpServer(new HttpServerOptions()
              .setHttp2ClearTextEnabled(false)
              .setPerMessageWebSocketCompressionSupported(false)
              .setPerFrameWebSocketCompressionSupported(false))
          .requestHandler(router)
          .listen(-1 - gateways.indexOf(gateway), "127.0.0.1")
          .onSuccess(server -> gateway.port = server.actualPort());
    }

    private void mount(Router router, String path, boolean letsGuestsIn) {
      Headers headers = new Headers(OriginPolicy.of(List.of(FRIEND)));
      HubHttp http = new HubHttp(
          new HubHttp.Door(
              headers,
              EchoHubs::offered,
              letsGuestsIn,
              request -> "127.0.0.1",
              Optional.empty(),
              () -> false,
              MAX_BODY_BYTES),
          negotiations,
          new HubWhereabouts(
              gateway.id,
              EchoHubs.this::isLive,
              token -> gateway.homes.of(token, context),
              node -> gateway.relay.elsewhere(number, KIND, new HubRequestCodec(), node),
              stopped -> heirs.of(stopped, EchoHubs.this::isLive)));
      doors.add(http);
      Doorman doorman = doorman(headers);
      router
          .route(path + "/negotiate")
          .handler(context -> http.onNegotiation(context.request(), HUB));
      router.route(path).handler(context -> {
        HttpServerRequest request = context.request();
        if (request.getHeader("Upgrade") == null) {
          http.onRequest(request);
        } else {
          String token = request.getParam("id");
          HubPermit permit = http.permit(request, token);
          doorman.open(
              request,
              permit,
              socket -> permit.carries()
                  ? new HubCarrier(
                      socket,
                      permit,
                      new HubCarrier.Times(
                          (wait, task) -> deadlines.at(nowMs.get() + wait.toMillis(), task),
                          Duration.ofSeconds(15)),
                      carriers)
                  : new EchoSocket(socket));
        }
      });
    }

    private Doorman doorman(Headers headers) {
      SocketLoop sockets = SocketLoop.of(
          context,
          deadlines,
          nowMs::get,
          MAX_BODY_BYTES,
          256 * 1024,
          64 * 1024,
          Duration.ofSeconds(5),
          () -> {});
      return new Doorman(
          headers,
          admission,
          new HttpLinks(Duration.ofHours(1), Duration.ofHours(1), deadlines, nowMs::get),
          new Connections("echo"),
          sockets,
          false,
          request -> "127.0.0.1");
    }
  }

  private static Optional<Credential> offered(HttpServerRequest request) {
    String header = request.getHeader("Authorization");
    String token =
        header == null ? request.getParam("access_token") : header.substring("Bearer ".length());
    return Optional.ofNullable(token).map(text -> new Credential.Bearer(new Secret(text)));
  }

  private Authenticator authenticator() {
    return credential -> {
      String token = ((Credential.Bearer) credential).token().value();
      if (!token.startsWith("good-") || revoked.contains(token)) {
        return Future.failedFuture(new AuthenticationException(Reason.BAD_TOKEN));
      }
      String name = token.substring("good-".length()).replaceAll("-.*", "");
      return Future.succeededFuture(
          new Principal(name, name, Set.of(), false, Instant.MAX, "s", Instant.EPOCH));
    };
  }

  /** Says again what it hears. */
  private final class EchoTalk implements HubConversation {
    private final HubLink link;

    EchoTalk(HubLink link) {
      this.link = link;
      opened.incrementAndGet();
    }

    @Override
    public boolean isOf(Credential credential) {
      return false;
    }

    @Override
    public void onBytes(byte[] bytes) {
      String said = new String(bytes, StandardCharsets.UTF_8);
      if (said.equals("close")) {
        link.send("bye".getBytes(StandardCharsets.UTF_8));
        link.close();
      } else {
        link.send(bytes);
      }
    }

    @Override
    public void onHeard() {
      heard.incrementAndGet();
    }

    @Override
    public void onWritten() {}

    @Override
    public void onNoPlace(Failure failure) {
      link.close();
    }

    @Override
    public void onViolation(CloseCode code) {
      link.close();
    }

    @Override
    public void onShutdown() {
      link.send("restarting".getBytes(StandardCharsets.UTF_8));
      link.close();
    }

    @Override
    public void onClosed() {
      closed.incrementAndGet();
    }
  }

  /** Answers each call with its own id and target, once; begins with a handshake of any kind. */
  private final class NumberedTalk implements HubConversation {
    private final HubLink link;
    private HubFrames frames = HubFormat.JSON.frames(MAX_BODY_BYTES);
    private boolean isNumbered;

    NumberedTalk(HubLink link, HubOpening opening) {
      this.link = link;
      this.isNumbered = opening.memory().isPresent();
      opened.incrementAndGet();
    }

    @Override
    public boolean isOf(Credential credential) {
      return false;
    }

    @Override
    public void onBytes(byte[] bytes) {
      frames.add(bytes);
      try {
        for (Optional<byte[]> next = frames.next(); next.isPresent(); next = frames.next()) {
          if (isNumbered) {
            Optional<HubMessage> read = HubFormat.JSON.read(next.get());
            if (link.takes(read.orElseThrow())) {
              answer(read.get());
            }
          } else {
            isNumbered = true;
            link.send("{}\u001e".getBytes(StandardCharsets.UTF_8));
            link.numbered(HubFormat.JSON);
          }
        }
      } catch (BadHubMessageException e) {
        link.close();
      }
    }

    private void answer(HubMessage message) {
      if (message instanceof HubMessage.Invocation call) {
        link.send(
            HubFormat.JSON.write(HubMessage.Completion.of(
                call.id().orElseThrow(), RawJson.trusted("\"" + call.target() + "\""))),
            1);
      } else if (message instanceof HubMessage.CancelInvocation) {
        // In the test's words: the gateway of this connection stops.
        link.move(new HubMemory(false, Optional.empty(), Map.of()), moved -> link.cut());
      } else if (message instanceof HubMessage.Close) {
        link.close();
      }
    }

    @Override
    public void onOtherTransport() {
      frames = HubFormat.JSON.frames(MAX_BODY_BYTES);
    }

    @Override
    public void onHeard() {
      heard.incrementAndGet();
    }

    @Override
    public void onWritten() {}

    @Override
    public void onNoPlace(Failure failure) {
      link.close();
    }

    @Override
    public void onViolation(CloseCode code) {
      link.close();
    }

    @Override
    public void onShutdown() {
      link.close();
    }

    @Override
    public void onClosed() {
      closed.incrementAndGet();
    }
  }

  /** The same on a WebSocket. */
  private static final class EchoSocket implements WireListener {
    private final WireSocket socket;

    EchoSocket(WireSocket socket) {
      this.socket = socket;
    }

    @Override
    public void onMessage(byte[] message, boolean isText) {
      socket.text(message);
    }

    @Override
    public void onHeard() {}

    @Override
    public void onViolation(CloseCode code) {
      socket.close(code.code(), code.reason());
    }

    @Override
    public void onDrained() {}

    @Override
    public void onShutdown() {}

    @Override
    public void onClosed() {}
  }
}
