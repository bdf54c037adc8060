package io.madang.gateway.edge.sockjs;

import io.madang.gateway.edge.http.Headers;
import io.madang.gateway.edge.relay.AwayResponses;
import io.madang.gateway.edge.relay.Homes;
import io.madang.gateway.edge.relay.NearGateways;
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
import io.madang.gateway.identity.Credential;
import io.madang.gateway.identity.OriginPolicy;
import io.madang.gateway.limit.DeadlineWheel;
import io.madang.protocol.code.CloseCode;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.testkit.Nginx;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * The services of the protocol's own test suite at one gateway or more, each with a port and two event loops of its own, and a
 * clock that only the test moves.
 */
final class EchoServices implements AutoCloseable {
  private static final List<String> BASES =
      List.of("/echo", "/disabled_websocket_echo", "/cookie_needed_echo", "/close", "/strict");
  private static final int STREAM_BYTES = 4_096;
  private static final int MAX_BODY_BYTES = 256 * 1024;
  private static final String FRIEND = "https://friend.example";

  /** Where they are. */
  final NearGateways gateways = new NearGateways(1_000_000);

  private final List<Loop> loops = new CopyOnWriteArrayList<>();

  /** Null where gateways are asked directly. */
  private Nginx balancer;

  /** Conversations that have been told that they are over. */
  final AtomicInteger closed = new AtomicInteger();

  /** Conversations that were opened. */
  final AtomicInteger opened = new AtomicInteger();

  private final AtomicInteger heard = new AtomicInteger();

  EchoServices(int count) {
    for (int i = 0; i < count; i++) {
      Map<String, Homes<Receive, Deliver>> homes = new HashMap<>();
      Relay.Plan plan = new Relay.Plan();
      for (String base : BASES) {
        Homes<Receive, Deliver> its = Homes.byHash(NearGateways.LOOPS);
        homes.put(base, its);
        plan.with(base, its, new SockJsRequests());
      }
      gateways.add(
          "gateway-" + i + ".x", plan, (loop, router) -> loops.add(new Loop(homes, loop, router)));
    }
    gateways.start();
  }

  /** Two gateways behind an nginx that knows nothing of sessions. */
  static EchoServices behindABalancer() throws IOException {
    EchoServices two = new EchoServices(2);
    two.balancer = Nginx.inTurn(
        List.of("http://127.0.0.1:" + two.port(0), "http://127.0.0.1:" + two.port(1)), Map.of());
    return two;
  }

  /** Of the balancer, or of the first gateway where none is. */
  int port() {
    return balancer == null ? port(0) : balancer.port();
  }

  int port(int gateway) {
    return gateways.port(gateway);
  }

  String id(int gateway) {
    return gateways.id(gateway);
  }

  /** Lets time pass for every loop. */
  void pass(Duration time) {
    gateways.pass(time);
  }

  /** Returns when every loop has done what it had to do. */
  void settle() {
    gateways.settle();
  }

  /** A gateway stops, and sends away at once what it carries for others; done when nothing of that is left. */
  Future<?> leave(int gateway) {
    List<Future<Void>> left = new CopyOnWriteArrayList<>();
    for (Loop each : loops) {
      if (each.loop.gateway().equals(id(gateway))) {
        each.loop.run(() -> left.add(each.away.leave(
            () -> Duration.ZERO, Duration.ZERO, each.loop.deadlines(), gateways::nowMs)));
      }
    }
    pass(Duration.ofMillis(DeadlineWheel.TICK_MS));
    return Future.all(left);
  }

  /** Grows when a response begins to wait. */
  int came() {
    return opened.get() + heard.get();
  }

  int sessions() {
    AtomicInteger all = new AtomicInteger();
    for (Loop each : loops) {
      each.loop.run(() -> each.sessions.forEach(its -> all.addAndGet(its.size())));
    }
    return all.get();
  }

  @Override
  public void close() {
    if (balancer != null) {
      balancer.close();
    }
    gateways.close();
  }

  /** What is on one loop of a gateway. */
  private final class Loop {
    private final Map<String, Homes<Receive, Deliver>> homes;
    private final NearGateways.OneLoop loop;
    private final List<Sessions> sessions = new ArrayList<>();
    private final AwayResponses away = new AwayResponses();

    Loop(Map<String, Homes<Receive, Deliver>> homes, NearGateways.OneLoop loop, Router router) {
      this.homes = homes;
      this.loop = loop;
      mount(router, "/echo", true, false, request -> true, Echo::new);
      mount(router, "/disabled_websocket_echo", false, false, request -> true, Echo::new);
      mount(router, "/cookie_needed_echo", true, true, request -> true, Echo::new);
      mount(router, "/close", true, false, request -> true, (link, opening) -> {
        link.close(3000, "Go away!");
        return new Echo(link, opening);
      });
      Headers strict = new Headers(OriginPolicy.of(List.of(FRIEND)));
      mount(router, "/strict", true, false, strict::isAllowed, Echo::new);
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
          loop.deadlines(),
          gateways::nowMs,
          loop::later);
      Sessions its = new Sessions(times, protocol, gateways.admission(), Doorman::failure);
      sessions.add(its);
      homes.get(base).movedIn(loop.number(), loop.loop(), its);
      new SockJsServer(
              new SockJsServer.Options(base, webSockets, cookie, STREAM_BYTES, MAX_BODY_BYTES),
              new Sharing(allowed, Set.of(FRIEND)),
              request -> new Opening(Optional.empty(), "127.0.0.1"),
              new Here(
                  homes.get(base),
                  new Gateways(
                      loop.gateway(),
                      gateways::live,
                      node ->
                          loop.relay().elsewhere(loop.number(), base, new SockJsRequests(), node))),
              protocol,
              loop.doorman(new Headers(OriginPolicy.of(List.of(FRIEND))), MAX_BODY_BYTES, true))
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
      public Gateways.Found find(Optional<String> node, String session) {
        return others.find(node, session, () -> its.of(session, loop.loop()));
      }

      @Override
      public AwayResponses away() {
        return away;
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
