package io.madang.gateway.edge.sockjs;

import io.madang.gateway.connection.Connections;
import io.madang.gateway.edge.http.Headers;
import io.madang.gateway.edge.http.HttpLinks;
import io.madang.gateway.edge.http.Problems;
import io.madang.gateway.edge.relay.Home;
import io.madang.gateway.edge.relay.Homes;
import io.madang.gateway.edge.relay.Line;
import io.madang.gateway.edge.relay.Relay;
import io.madang.gateway.edge.sockjs.session.Conversation;
import io.madang.gateway.edge.sockjs.session.Deliver;
import io.madang.gateway.edge.sockjs.session.Link;
import io.madang.gateway.edge.sockjs.session.Opening;
import io.madang.gateway.edge.sockjs.session.Protocol;
import io.madang.gateway.edge.sockjs.session.Receive;
import io.madang.gateway.edge.sockjs.session.SessionTimes;
import io.madang.gateway.edge.sockjs.session.Sessions;
import io.madang.gateway.edge.websocket.Doorman;
import io.madang.gateway.edge.websocket.wire.SocketLoop;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.identity.OriginPolicy;
import io.madang.gateway.limit.Admission;
import io.madang.gateway.limit.AdmissionDesk;
import io.madang.gateway.limit.DeadlineWheel;
import io.madang.protocol.code.CloseCode;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.runtime.topic.Payload;
import io.madang.testkit.Nginx;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.VertxInternal;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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
import java.util.function.Predicate;

/**
 * The services of the protocol's own test suite at one gateway or more, each with a port and two event loops of its own, and a
 * clock that only the test moves.
 */
final class EchoServices implements AutoCloseable {
  private static final int LOOPS = 2;
  private static final List<String> BASES =
      List.of("/echo", "/disabled_websocket_echo", "/cookie_needed_echo", "/close", "/strict");
  private static final int STREAM_BYTES = 4_096;
  private static final int MAX_BODY_BYTES = 256 * 1024;
  private static final String FRIEND = "https://friend.example";

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
  private final AtomicLong nowMs = new AtomicLong(1_000_000);
  private final List<OneLoop> loops = new CopyOnWriteArrayList<>();
  private final List<Gateway> gateways = new ArrayList<>();
  private final AdmissionDesk admission;

  /** Null where gateways are asked directly. */
  private Nginx balancer;

  /** Which words between gateways arrive; told to whom it is. */
  volatile BiPredicate<String, Payload> arrives = (to, word) -> true;

  /** Gateways that the others take for dead. */
  final Set<String> dead = ConcurrentHashMap.newKeySet();

  /** Conversations that have been told that they are over. */
  final AtomicInteger closed = new AtomicInteger();

  /** Conversations that were opened. */
  final AtomicInteger opened = new AtomicInteger();

  private final AtomicInteger heard = new AtomicInteger();

  EchoServices(int count) {
    admission = new AdmissionDesk(
        vertx,
        ((VertxInternal) vertx).createEventLoopContext(),
        new Admission(new Admission.Limits(1_000_000, 1_000_000, 1_000_000), 0),
        nowMs::get);
    for (int i = 0; i < count; i++) {
      gateways.add(new Gateway("gateway-" + i + ".x"));
    }
    gateways.forEach(Gateway::start);
  }

  /** Two gateways behind an nginx that knows nothing of sessions. */
  static EchoServices behindABalancer() throws IOException {
    EchoServices two = new EchoServices(2);
    two.balancer = Nginx.inTurn(
        two.gateways.stream().map(each -> "http://127.0.0.1:" + each.port).toList(), Map.of());
    return two;
  }

  /** Of the balancer, or of the first gateway where none is. */
  int port() {
    return balancer == null ? port(0) : balancer.port();
  }

  int port(int gateway) {
    return gateways.get(gateway).port;
  }

  String id(int gateway) {
    return gateways.get(gateway).id;
  }

  private List<String> live() {
    return gateways.stream()
        .map(gateway -> gateway.id)
        .filter(id -> !dead.contains(id))
        .toList();
  }

  /** One gateway, as far as SockJS sees it. */
  private final class Gateway implements Line {
    private final String id;
    private final Map<String, Homes<Receive, Deliver>> homes = new HashMap<>();
    private final Relay relay;

    /** Where words of others are heard, in order. */
    private final Context mesh = ((VertxInternal) vertx).createEventLoopContext();

    private volatile int port;

    Gateway(String id) {
      this.id = id;
      for (String base : BASES) {
        homes.put(base, Homes.byHash(LOOPS));
      }
      Relay.Plan plan = new Relay.Plan();
      homes.forEach((base, its) -> plan.with(base, its, new SockJsRequests()));
      this.relay = plan.begin(this, LOOPS);
    }

    void start() {
      AtomicInteger number = new AtomicInteger();
      get(vertx.deployVerticle(
          () -> new OneLoop(this, number.getAndIncrement()),
          new DeploymentOptions().setInstances(LOOPS)));
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
      return live().contains(node);
    }
  }

  /** Lets time pass for every loop. */
  void pass(Duration time) {
    long now = nowMs.addAndGet(time.toMillis());
    for (OneLoop loop : loops) {
      loop.run(() -> loop.deadlines.advance(now));
    }
  }

  /** Returns when every loop has done what it had to do. */
  void settle() {
    loops.forEach(loop -> loop.run(() -> {}));
  }

  /** Grows when a response begins to wait. */
  int came() {
    return opened.get() + heard.get();
  }

  int sessions() {
    AtomicInteger all = new AtomicInteger();
    for (OneLoop loop : loops) {
      loop.run(() -> loop.sessions.forEach(each -> all.addAndGet(each.size())));
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
    if (balancer != null) {
      balancer.close();
    }
    get(vertx.close());
  }

  private final class OneLoop extends VerticleBase {
    private final Gateway gateway;
    private final int number;
    private final DeadlineWheel deadlines = new DeadlineWheel(nowMs.get());
    private final List<Sessions> sessions = new ArrayList<>();

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
      Router router = Router.router(vertx);
      Problems.answerFailures(router);
      router.route().handler(Headers::secure);
      mount(router, "/echo", true, false, request -> true, Echo::new);
      mount(router, "/disabled_websocket_echo", false, false, request -> true, Echo::new);
      mount(router, "/cookie_needed_echo", true, true, request -> true, Echo::new);
      mount(router, "/close", true, false, request -> true, (link, opening) -> {
        link.close(3000, "Go away!");
        return new Echo(link, opening);
      });
      Headers strict = new Headers(OriginPolicy.of(List.of(FRIEND)));
      mount(router, "/strict", true, false, strict::isAllowed, Echo::new);
      return vertx
          .createHttpServer(new HttpServerOptions()
              .setHttp2ClearTextEnabled(false)
              .setPerMessageWebSocketCompressionSupported(false)
              .setPerFrameWebSocketCompressionSupported(false))
          .requestHandler(router)
          .listen(-1 - gateways.indexOf(gateway), "127.0.0.1")
          .onSuccess(server -> gateway.port = server.actualPort());
    }

    private void mount(
        Router router,
        String base,
        boolean webSockets,
        boolean cookie,
        Predicate<HttpServerRequest> allowed,
        Protocol protocol) {
      SessionTimes times = new SessionTimes(
          SessionTimes.ABSENCE,
          SessionTimes.LONGEST_HEARTBEAT,
          deadlines,
          nowMs::get,
          task -> context.runOnContext(turn -> task.run()));
      Sessions its = new Sessions(times, protocol, admission, Doorman::failure);
      sessions.add(its);
      gateway.homes.get(base).movedIn(number, context, its);
      SocketLoop sockets = SocketLoop.of(
          context,
          deadlines,
          nowMs::get,
          MAX_BODY_BYTES,
          256 * 1024,
          64 * 1024,
          Duration.ofSeconds(5),
          () -> {});
      HttpLinks links =
          new HttpLinks(Duration.ofHours(1), Duration.ofHours(1), deadlines, nowMs::get);
      new SockJsServer(
              new SockJsServer.Options(base, webSockets, cookie, STREAM_BYTES, MAX_BODY_BYTES),
              new Sharing(allowed, Set.of(FRIEND)),
              request -> new Opening(Optional.empty(), "127.0.0.1"),
              new Here(
                  gateway.homes.get(base),
                  new Gateways(
                      gateway.id,
                      EchoServices.this::live,
                      node -> gateway.relay.elsewhere(number, base, new SockJsRequests(), node))),
              protocol,
              new Doorman(
                  new Headers(OriginPolicy.of(List.of(FRIEND))),
                  admission,
                  links,
                  new Connections("echo"),
                  sockets,
                  true,
                  request -> "127.0.0.1"))
          .mount(router);
    }

    private final class Here implements SockJsServer.Whereabouts {
      private final Homes<Receive, Deliver> its;
      private final Gateways others;

      Here(Homes<Receive, Deliver> its, Gateways others) {
        this.its = its;
        this.others = others;
      }

      @Override
      public Optional<String> address(HttpServerRequest request, String base) {
        return base.equals("/strict")
            ? OutsideAddress.of(request, address -> false).map(outside -> outside + base + "/n/a.1")
            : Optional.empty();
      }

      @Override
      public Home<Receive, Deliver> home(Optional<String> node, String session) {
        return others.home(node, session, () -> its.of(session, context));
      }
    }
  }

  /** Says again what it hears. */
  private final class Echo implements Conversation {
    private final Link link;

    Echo(Link link, Opening opening) {
      this.link = link;
      opened.incrementAndGet();
    }

    @Override
    public boolean isOf(Credential credential) {
      return false;
    }

    @Override
    public void onMessage(String message, boolean isText) {
      link.send(message);
    }

    @Override
    public void onHeard() {
      heard.incrementAndGet();
    }

    @Override
    public void onWritten() {}

    @Override
    public void onNoPlace(Failure failure) {
      link.close(CloseCode.TRY_AGAIN_LATER.code(), failure.message());
    }

    @Override
    public void onViolation(CloseCode code) {
      link.close(code.code(), code.reason());
    }

    @Override
    public void onShutdown() {
      link.close(CloseCode.RESTARTING.code(), "");
    }

    @Override
    public void onClosed() {
      closed.incrementAndGet();
    }
  }
}
