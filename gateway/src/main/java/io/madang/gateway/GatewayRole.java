package io.madang.gateway;

import io.madang.gateway.connection.measure.ConnectionMeters;
import io.madang.gateway.edge.signalr.meaning.HubSpeeches;
import io.madang.gateway.edge.signalr.replay.ReplayBudget;
import io.madang.gateway.fanout.HubLimits;
import io.madang.gateway.fanout.HubMesh;
import io.madang.gateway.fanout.HubTime;
import io.madang.gateway.fanout.SubscriptionHub;
import io.madang.gateway.identity.OriginPolicy;
import io.madang.gateway.identity.revocation.RevocationLog;
import io.madang.gateway.identity.revocation.Revocations;
import io.madang.gateway.identity.revocation.redis.RedisRevocations;
import io.madang.gateway.limit.Admission;
import io.madang.gateway.limit.AdmissionDesk;
import io.madang.gateway.limit.ShareStore;
import io.madang.gateway.limit.redis.RedisShares;
import io.madang.runtime.admin.AdminAction;
import io.madang.runtime.launch.Role;
import io.madang.runtime.launch.RoleContext;
import io.madang.runtime.membership.NodeInfo;
import io.madang.runtime.metrics.MeterNames;
import io.madang.runtime.redis.RedisLink;
import io.madang.runtime.redis.RedisLinkOptions;
import io.madang.runtime.redis.RedisUrl;
import io.micrometer.core.instrument.Gauge;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process that is, among others, a gateway. */
public final class GatewayRole implements Role {
  /** Under which gateways tell each other what they revoked. */
  private static final String REVOKED = "revoked";

  private static final Logger LOG = LoggerFactory.getLogger(GatewayRole.class);

  /** What Redis has not answered by then is counted alone. */
  private static final Duration SHARE_WITHIN = Duration.ofMillis(500);

  /** Redis may come as late as it likes. */
  private static final Duration EVER = Duration.ofDays(365);

  private final GatewayConfig config;
  private final OriginPolicy origins;
  private final SignIn signIn;
  private final Optional<RedisUrl> redis;

  /** The loops that listen; none before all do. */
  private volatile List<GatewayVerticle.Listening> listening = List.of();

  /** The first of them; empty before all listen. */
  private volatile Optional<GatewayVerticle> first = Optional.empty();

  /** Set once by start, read by stop after it. */
  private volatile Optional<RoleContext> started = Optional.empty();

  private volatile Optional<String> deployment = Optional.empty();
  private volatile Optional<RedisLink> link = Optional.empty();
  private volatile Optional<Revocations> revocations = Optional.empty();
  private volatile Optional<ConversationHomes> conversations = Optional.empty();
  private volatile boolean stopping;

  /**
   * @param origins web pages beside our own that may ask and connect
   * @param redis where gateways keep together how fast a user asks, and what they revoked; without it, and while it is away,
   *     each event loop counts alone, and gateways only tell each other
   */
  public GatewayRole(
      GatewayConfig config, OriginPolicy origins, SignIn signIn, Optional<RedisUrl> redis) {
    this.config = config;
    this.origins = origins;
    this.signIn = signIn;
    this.redis = redis;
  }

  @Override
  public String name() {
    return NodeInfo.GATEWAY;
  }

  @Override
  public Future<?> start(RoleContext context) {
    started = Optional.of(context);
    SubscriptionHub hub = new SubscriptionHub(
        HubMesh.of(context.mesh()),
        HubTime.of(context.vertx()),
        new SplittableRandom(),
        new HubLimits(
            config.linger(),
            Math.min(config.laggingBytes(), config.maxResumedBytes()),
            config.recentBytes()),
        context.metrics());
    ConversationHomes homes = ConversationHomes.of(context.mesh(), loops());
    conversations = Optional.of(homes);
    AskedClients clients = new AskedClients(loops());
    openRedis(context);
    Revocations revoked = revocations(context);
    ReplayBudget replays = new ReplayBudget(config.allReplayBytes());
    Gauge.builder("madang.hub.replay.bytes", replays, ReplayBudget::keptBytes)
        .description("Bytes of hub messages that are kept for clients that may come back")
        .register(context.metrics());
    GatewayVerticle.Shared shared = new GatewayVerticle.Shared(
        context,
        config,
        origins,
        signIn,
        hub,
        admission(context.vertx()),
        shares(),
        revoked,
        new ConnectionMeters(context.metrics()),
        homes,
        clients,
        new HubSpeeches(context.mesh().directory()),
        replays);
    context.health().readyWhen(name(), this::problem);
    gauge(
        context,
        MeterNames.CONNECTIONS,
        "Clients connected to this gateway",
        loop -> loop.connections().size());
    gauge(
        context,
        "madang.http.connections",
        "HTTP connections that are no sockets",
        loop -> loop.links().size());
    return signIn
        .start(context.vertx())
        .compose(open -> context.mesh().hearNotes(REVOKED, revoked::heard))
        .compose(heard -> revoked.start())
        .compose(known -> hub.start())
        .compose(hearing -> deploy(context, shared))
        .compose(deployed -> context.mesh().hearRelayed(homes.relay()::heard))
        .compose(hearing -> context.mesh().hearMembers(() -> {
          homes.relay().membersChanged();
          first.ifPresent(GatewayVerticle::membersChanged);
        }))
        .compose(hearing -> context.mesh().attachClients(clients));
  }

  private Future<String> deploy(RoleContext context, GatewayVerticle.Shared shared) {
    int loops = loops();
    List<GatewayVerticle> verticles = IntStream.rangeClosed(1, loops)
        .mapToObj(number -> new GatewayVerticle(shared, number))
        .toList();
    return context
        .vertx()
        .deployVerticle(verticles.iterator()::next, new DeploymentOptions().setInstances(loops))
        .onSuccess(id -> {
          listening = verticles.stream().map(GatewayVerticle::listening).toList();
          first = Optional.of(verticles.get(0));
          deployment = Optional.of(id);
        });
  }

  private int loops() {
    return config.loops() == 0 ? Runtime.getRuntime().availableProcessors() : config.loops();
  }

  private AdmissionDesk admission(Vertx vertx) {
    Context home = ((VertxInternal) vertx).createEventLoopContext();
    return new AdmissionDesk(
        vertx, home, new Admission(config.admissionLimits(), nowMs()), GatewayRole::nowMs);
  }

  private ShareStore shares() {
    return config.userRate().isUnlimited()
        ? ShareStore.none()
        : link.<ShareStore>map(opened -> new RedisShares(opened, config.userRate()))
            .orElseGet(ShareStore::none);
  }

  private Revocations revocations(RoleContext context) {
    Revocations.Limits limits = signIn.revocationLimits();
    Clock clock = Clock.systemUTC();
    RevocationLog log = link.<RevocationLog>map(
            opened -> new RedisRevocations(opened, clock, limits.kept()))
        .orElseGet(RevocationLog::none);
    Revocations opened = new Revocations(
        context.vertx(),
        ((VertxInternal) context.vertx()).createEventLoopContext(),
        clock,
        limits.held(),
        log,
        news -> context.mesh().tellGateways(REVOKED, news));
    revocations = Optional.of(opened);
    return opened;
  }

  /** Nothing waits for it: a gateway without Redis serves all the same. */
  private void openRedis(RoleContext context) {
    if (redis.isEmpty()) {
      LOG.info(
          "Without MADANG_REDIS_URL how fast a user asks is counted on each event loop alone, and a gateway that starts later does not know who was signed out before");
      return;
    }
    RedisLink opened = RedisLink.create(
        context.vertx(), RedisLinkOptions.of(redis.get()).withCommandLimit(SHARE_WITHIN));
    link = Optional.of(opened);
    Gauge.builder("madang.user.rates.shared", opened, shared -> shared.isUp() ? 1 : 0)
        .description("Whether how fast a user asks is counted over all gateways, 1 or 0")
        .register(context.metrics());
    opened.start(EVER).onFailure(failure -> {
      if (!stopping) {
        LOG.error(
            "How fast a user asks is counted on each event loop alone, and sign-outs are told by gateways that run: {}",
            failure.getMessage());
      }
    });
  }

  private static long nowMs() {
    return System.nanoTime() / 1_000_000;
  }

  private Optional<String> problem() {
    if (stopping) {
      return Optional.of("is stopping");
    }
    if (deployment.isEmpty()) {
      return Optional.of("does not listen yet");
    }
    return started.flatMap(
        context -> new MissedServices(config.unreadyAfter(), config.sendAwayAfter())
            .problem(context.mesh().missed()));
  }

  private void gauge(
      RoleContext context,
      String name,
      String description,
      ToIntFunction<GatewayVerticle.Listening> ofLoop) {
    Gauge.builder(name, this, role -> role.listening.stream().mapToInt(ofLoop).sum())
        .description(description)
        .register(context.metrics());
  }

  @Override
  public List<AdminAction> adminActions() {
    return revocations.map(signIn::adminActions).orElse(List.of());
  }

  /**
   * Not ready any more, and serving on while that gets about; then every client is told to come back elsewhere, each in its
   * slot; then nobody listens.
   */
  @Override
  public Future<?> stop() {
    stopping = true;
    Optional<RoleContext> context = started;
    if (context.isEmpty()) {
      return Future.succeededFuture();
    }
    Optional<String> deployed = deployment;
    deployment = Optional.empty();
    return announced(context.get().vertx())
        .onComplete(announced -> conversations.ifPresent(ConversationHomes::bequeath))
        .compose(
            announced -> first.map(GatewayVerticle::tellHeirs).orElseGet(Future::succeededFuture))
        .compose(told ->
            deployed.map(context.get().vertx()::undeploy).orElseGet(Future::succeededFuture))
        .onComplete(undeployed -> revocations.ifPresent(Revocations::stop))
        .eventually(signIn::stop)
        .eventually(() -> link.map(RedisLink::close).orElseGet(Future::succeededFuture));
  }

  /** Until whoever sends clients here has seen that it is not ready, and sends none any more. */
  private Future<?> announced(Vertx vertx) {
    return config.announce().isZero()
        ? Future.succeededFuture()
        : vertx.timer(config.announce().toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The port that clients reach, once started. */
  public int port() {
    return listening.get(0).port();
  }
}
