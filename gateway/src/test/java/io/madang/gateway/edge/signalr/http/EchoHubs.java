package io.madang.gateway.edge.signalr.http;

import io.madang.gateway.edge.RawHttp;
import io.madang.gateway.edge.RawHttp.Answer;
import io.madang.gateway.edge.http.Headers;
import io.madang.gateway.edge.relay.Home;
import io.madang.gateway.edge.relay.Homes;
import io.madang.gateway.edge.relay.NearGateways;
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
import io.madang.gateway.edge.websocket.wire.WireListener;
import io.madang.gateway.edge.websocket.wire.WireSocket;
import io.madang.gateway.identity.AuthenticationException;
import io.madang.gateway.identity.AuthenticationException.Reason;
import io.madang.gateway.identity.Authenticator;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.identity.OriginPolicy;
import io.madang.gateway.identity.Principal;
import io.madang.gateway.limit.DeadlineWheel;
import io.madang.protocol.code.CloseCode;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.json.RawJson;
import io.madang.runtime.config.Secret;
import io.madang.runtime.hub.Hub;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

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

  private static final String KIND = "hub";
  private static final Hub HUB = new Hub("echo", List.of(), List.of(), List.of());

  /** Where they are. */
  final NearGateways gateways = new NearGateways(PLACES);

  private final List<Loop> loops = new CopyOnWriteArrayList<>();

  /** As all gateways know them. */
  final HubHeirs heirs = new HubHeirs();

  /** Of all gateways. */
  final ReplayBudget replays = new ReplayBudget(1_000_000);

  /** Tokens that count no more. */
  final Set<String> revoked = ConcurrentHashMap.newKeySet();

  /** Conversations that were opened, and of these such as have been told that they are over. */
  final AtomicInteger opened = new AtomicInteger();

  final AtomicInteger closed = new AtomicInteger();
  final AtomicInteger heard = new AtomicInteger();

  EchoHubs(int count) {
    for (int i = 0; i < count; i++) {
      String id = "gateway-" + i + ".x";
      Gateway gateway = new Gateway();
      gateways.add(
          id,
          new Relay.Plan().with(KIND, gateway.homes, new HubRequestCodec()),
          (loop, router) -> loops.add(new Loop(gateway, loop, router)));
    }
    gateways.start();
  }

  int port(int gateway) {
    return gateways.port(gateway);
  }

  String id(int gateway) {
    return gateways.id(gateway);
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
    gateways.pass(time);
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
    for (Loop each : loops) {
      if (each.loop.gateway().equals(gateways.id(gateway))) {
        each.loop.run(() -> each.doors.forEach(door -> left.add(door.leave(
            () -> Duration.ZERO, Duration.ZERO, each.loop.deadlines(), gateways::nowMs))));
      }
    }
    pass(Duration.ofMillis(DeadlineWheel.TICK_MS));
    return Future.all(left);
  }

  /** Connections that the gateways know of. */
  int known() {
    AtomicInteger all = new AtomicInteger();
    for (Loop each : loops) {
      each.loop.run(() -> all.addAndGet(each.negotiations.size()));
    }
    return all.get();
  }

  @Override
  public void close() {
    gateways.close();
  }

  /** What is the same on all loops of one gateway. */
  private static final class Gateway {
    private final Homes<HubReceive, HubDeliver> homes =
        new Homes<>(NearGateways.LOOPS, HubTokens::loopOf);
    private final HubKey key = HubKey.random(new SecureRandom());
  }

  /** What is on one of them. */
  private final class Loop {
    private final Gateway gateway;
    private final NearGateways.OneLoop loop;
    private final HubCarriers carriers = new HubCarriers();
    private final List<HubHttp> doors = new ArrayList<>();
    private final Negotiations negotiations;

    Loop(Gateway gateway, NearGateways.OneLoop loop, Router router) {
      this.gateway = gateway;
      this.loop = loop;
      this.negotiations = new Negotiations(
          new HubTokens(loop.gateway(), loop.number(), gateway.key, new SecureRandom()),
          new Negotiations.Around(
              new CarriedTimes(loop.deadlines(), gateways::nowMs, loop::later),
              (link, opening) -> opening.transport() == HubTransport.WEBSOCKETS
                  ? new NumberedTalk(link, opening)
                  : new EchoTalk(link),
              authenticator(),
              gateways.admission(),
              gateways::isLive,
              succession(),
              new ResumeRules(RESUME, REPLAY_BYTES, replays),
              MAX_WAITING));
      gateway.homes.movedIn(loop.number(), loop.loop(), negotiations);
      mount(router, "/open", true);
      mount(router, "/signed-in", false);
    }

    private HubSuccession succession() {
      return new HubSuccession() {
        @Override
        public Optional<Home<HubReceive, HubDeliver>> heir() {
          return heirs.of(loop.gateway(), gateways::isLive).map(Loop.this::elsewhere);
        }

        @Override
        public Optional<Hub> hub(String name) {
          return Optional.of(HUB);
        }
      };
    }

    private Home<HubReceive, HubDeliver> elsewhere(String node) {
      return loop.relay().elsewhere(loop.number(), KIND, new HubRequestCodec(), node);
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
              loop.gateway(),
              gateways::isLive,
              token -> gateway.homes.of(token, loop.loop()),
              this::elsewhere,
              stopped -> heirs.of(stopped, gateways::isLive)));
      doors.add(http);
      Doorman doorman = loop.doorman(headers, MAX_BODY_BYTES, false);
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
                          (wait, task) ->
                              loop.deadlines().at(gateways.nowMs() + wait.toMillis(), task),
                          Duration.ofSeconds(15)),
                      carriers)
                  : new EchoSocket(socket));
        }
      });
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

  /** What a conversation of any kind does: counts what it is told, and ends when it is to. */
  private abstract class Talk implements HubConversation {
    final HubLink link;

    Talk(HubLink link) {
      this.link = link;
      opened.incrementAndGet();
    }

    @Override
    public boolean isOf(Credential credential) {
      return false;
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

  /** Says again what it hears. */
  private final class EchoTalk extends Talk {
    EchoTalk(HubLink link) {
      super(link);
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
    public void onShutdown() {
      link.send("restarting".getBytes(StandardCharsets.UTF_8));
      super.onShutdown();
    }
  }

  /** Answers each call with its own id and target, once; begins with a handshake of any kind. */
  private final class NumberedTalk extends Talk {
    private HubFrames frames = HubFormat.JSON.frames(MAX_BODY_BYTES);
    private boolean isNumbered;

    NumberedTalk(HubLink link, HubOpening opening) {
      super(link);
      this.isNumbered = opening.memory().isPresent();
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
