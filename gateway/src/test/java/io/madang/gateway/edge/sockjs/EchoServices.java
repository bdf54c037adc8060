package io.madang.gateway.edge.sockjs;

import io.madang.gateway.connection.Connections;
import io.madang.gateway.edge.http.Headers;
import io.madang.gateway.edge.http.HttpLinks;
import io.madang.gateway.edge.http.Problems;
import io.madang.gateway.edge.sockjs.session.Conversation;
import io.madang.gateway.edge.sockjs.session.Home;
import io.madang.gateway.edge.sockjs.session.Homes;
import io.madang.gateway.edge.sockjs.session.Link;
import io.madang.gateway.edge.sockjs.session.Opening;
import io.madang.gateway.edge.sockjs.session.Protocol;
import io.madang.gateway.edge.sockjs.session.SessionTimes;
import io.madang.gateway.edge.sockjs.session.Sessions;
import io.madang.gateway.edge.websocket.Doorman;
import io.madang.gateway.edge.websocket.wire.SocketLoop;
import io.madang.gateway.identity.OriginPolicy;
import io.madang.gateway.limit.Admission;
import io.madang.gateway.limit.AdmissionDesk;
import io.madang.gateway.limit.DeadlineWheel;
import io.madang.protocol.code.CloseCode;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.VertxInternal;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * The services of the protocol's own test suite on a port of their own, over two event loops, with a clock that only the test
 * moves.
 */
final class EchoServices implements AutoCloseable {
  private static final int LOOPS = 2;
  private static final int STREAM_BYTES = 4_096;
  private static final int MAX_BODY_BYTES = 256 * 1024;
  private static final String FRIEND = "https://friend.example";

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
  private final AtomicLong nowMs = new AtomicLong(1_000_000);
  private final List<OneLoop> loops = new CopyOnWriteArrayList<>();
  private final Map<String, Homes> homes = new HashMap<>();
  private final AdmissionDesk admission;
  private volatile int port;

  /** Conversations that have been told that they are over. */
  final AtomicInteger closed = new AtomicInteger();

  /** Conversations that were opened. */
  final AtomicInteger opened = new AtomicInteger();

  private final AtomicInteger heard = new AtomicInteger();

  EchoServices() {
    for (String base : List.of(
        "/echo", "/disabled_websocket_echo", "/cookie_needed_echo", "/close", "/strict")) {
      homes.put(base, new Homes(LOOPS));
    }
    admission = new AdmissionDesk(
        vertx,
        ((VertxInternal) vertx).createEventLoopContext(),
        new Admission(new Admission.Limits(1_000_000, 1_000_000, 1_000_000), 0),
        nowMs::get);
    AtomicInteger number = new AtomicInteger();
    get(vertx.deployVerticle(
        () -> new OneLoop(number.getAndIncrement()), new DeploymentOptions().setInstances(LOOPS)));
  }

  int port() {
    return port;
  }

  /** Lets time pass for every loop. */
  void pass(Duration time) {
    long now = nowMs.addAndGet(time.toMillis());
    for (OneLoop loop : loops) {
      loop.run(() -> loop.deadlines.advance(now));
    }
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
    get(vertx.close());
  }

  private final class OneLoop extends VerticleBase {
    private final int number;
    private final DeadlineWheel deadlines = new DeadlineWheel(nowMs.get());
    private final List<Sessions> sessions = new ArrayList<>();

    OneLoop(int number) {
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
          .createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(false))
          .requestHandler(router)
          .listen(-1, "127.0.0.1")
          .onSuccess(server -> port = server.actualPort());
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
      homes.get(base).movedIn(number, context, its);
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
              new Here(homes.get(base)),
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
      private final Homes its;

      Here(Homes its) {
        this.its = its;
      }

      @Override
      public Optional<String> address(HttpServerRequest request, String base) {
        return base.equals("/strict")
            ? OutsideAddress.of(request, address -> false).map(outside -> outside + base + "/n/a.1")
            : Optional.empty();
      }

      @Override
      public Home home(Optional<String> node, String session) {
        return its.of(session, context);
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
    public void onNoRoom(Failure failure) {
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
