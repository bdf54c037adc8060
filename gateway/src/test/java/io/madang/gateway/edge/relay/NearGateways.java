package io.madang.gateway.edge.relay;

import io.madang.gateway.connection.Connections;
import io.madang.gateway.edge.http.Headers;
import io.madang.gateway.edge.http.HttpLinks;
import io.madang.gateway.edge.http.Problems;
import io.madang.gateway.edge.websocket.Doorman;
import io.madang.gateway.edge.websocket.wire.SocketLoop;
import io.madang.gateway.limit.Admission;
import io.madang.gateway.limit.AdmissionDesk;
import io.madang.gateway.limit.DeadlineWheel;
import io.madang.runtime.topic.Payload;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;

/**
 * Gateways of one process, as far as doors see them, each with a port and {@value #LOOPS} event loops of its own; words between them
 * that arrive if the test lets them, and a clock that only the test moves.
 */
public final class NearGateways implements AutoCloseable {
  public static final int LOOPS = 2;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
  private final AtomicLong nowMs = new AtomicLong(1_000_000);
  private final List<OneLoop> loops = new CopyOnWriteArrayList<>();
  private final List<Gateway> gateways = new ArrayList<>();
  private final AdmissionDesk admission;

  /** Which words between gateways arrive; told to whom it is. */
  public volatile BiPredicate<String, Payload> arrives = (to, word) -> true;

  /** Gateways that the others take for dead. */
  public final Set<String> dead = ConcurrentHashMap.newKeySet();

  /** @param places connections that one address may have */
  public NearGateways(int places) {
    admission = new AdmissionDesk(
        vertx,
        ((VertxInternal) vertx).createEventLoopContext(),
        new Admission(new Admission.Limits(1_000_000, places, 1_000_000), 0),
        nowMs::get);
  }

  /**
   * One more.
   *
   * @param doors puts what is at the gateway on the router of each of its loops
   */
  public void add(String id, Relay.Plan plan, BiConsumer<OneLoop, Router> doors) {
    gateways.add(new Gateway(id, plan, doors));
  }

  /** Begins once all are there. */
  public void start() {
    gateways.forEach(Gateway::start);
  }

  public int port(int gateway) {
    return gateways.get(gateway).port;
  }

  public String id(int gateway) {
    return gateways.get(gateway).id;
  }

  public boolean isLive(String node) {
    return live().contains(node);
  }

  public List<String> live() {
    return gateways.stream()
        .map(gateway -> gateway.id)
        .filter(id -> !dead.contains(id))
        .toList();
  }

  public AdmissionDesk admission() {
    return admission;
  }

  // Time.

  public long nowMs() {
    return nowMs.get();
  }

  /** Lets time pass for every loop. */
  public void pass(Duration time) {
    long now = nowMs.addAndGet(time.toMillis());
    for (OneLoop loop : loops) {
      loop.run(() -> loop.deadlines.advance(now));
    }
  }

  /** Returns when every loop has done what it had to do. */
  public void settle() {
    loops.forEach(loop -> loop.run(() -> {}));
  }

  public static <T> T get(Future<T> future) {
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

  private final class Gateway implements Line {
    private final String id;
    private final Relay relay;
    private final BiConsumer<OneLoop, Router> doors;

    /** Where words of others are heard, in order. */
    private final Context mesh = ((VertxInternal) vertx).createEventLoopContext();

    private volatile int port;

    Gateway(String id, Relay.Plan plan, BiConsumer<OneLoop, Router> doors) {
      this.id = id;
      this.relay = plan.begin(this, LOOPS);
      this.doors = doors;
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
      return NearGateways.this.isLive(node);
    }
  }

  /** One event loop of a gateway. */
  public final class OneLoop extends VerticleBase {
    private final Gateway gateway;
    private final int number;
    private final DeadlineWheel deadlines = new DeadlineWheel(nowMs.get());

    private OneLoop(Gateway gateway, int number) {
      this.gateway = gateway;
      this.number = number;
    }

    public String gateway() {
      return gateway.id;
    }

    public int number() {
      return number;
    }

    public Relay relay() {
      return gateway.relay;
    }

    public DeadlineWheel deadlines() {
      return deadlines;
    }

    public Context loop() {
      return context;
    }

    /** Done on this loop, behind what it does now. */
    public void later(Runnable task) {
      context.runOnContext(turn -> task.run());
    }

    /** Returns when the loop has done it. */
    public void run(Runnable task) {
      CompletableFuture<Void> done = new CompletableFuture<>();
      later(() -> {
        task.run();
        done.complete(null);
      });
      done.orTimeout(10, TimeUnit.SECONDS).join();
    }

    /** Lets WebSockets in whose messages are no larger than that. */
    public Doorman doorman(Headers headers, int maxMessageBytes, boolean mayDeflate) {
      SocketLoop sockets = SocketLoop.of(
          context,
          deadlines,
          nowMs::get,
          maxMessageBytes,
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
          mayDeflate,
          request -> "127.0.0.1");
    }

    @Override
    public Future<?> start() {
      loops.add(this);
      gateway.relay.movedIn(number, context, deadlines, nowMs::get);
      Router router = Router.router(vertx);
      Problems.answerFailures(router);
      router.route().handler(Headers::secure);
      gateway.doors.accept(this, router);
      return vertx
          .createHttpServer(new HttpServerOptions()
              .setHttp2ClearTextEnabled(false)
              .setPerMessageWebSocketCompressionSupported(false)
              .setPerFrameWebSocketCompressionSupported(false))
          .requestHandler(router)
          .listen(-1 - gateways.indexOf(gateway), "127.0.0.1")
          .onSuccess(server -> gateway.port = server.actualPort());
    }
  }
}
