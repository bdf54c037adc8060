package io.madang.gateway;

import io.madang.gateway.connection.ConnectionMeters;
import io.madang.gateway.fanout.SubscriptionHub;
import io.madang.gateway.identity.OriginPolicy;
import io.madang.gateway.limit.Admission;
import io.madang.gateway.limit.AdmissionDesk;
import io.madang.runtime.launch.Role;
import io.madang.runtime.launch.RoleContext;
import io.madang.runtime.membership.NodeInfo;
import io.madang.runtime.metrics.MeterNames;
import io.micrometer.core.instrument.Gauge;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;

/** A process that is, among others, a gateway. */
public final class GatewayRole implements Role {
  private final GatewayConfig config;
  private final OriginPolicy origins;
  private final SignIn signIn;

  /** The loops that listen; grows while they start. */
  private final List<GatewayVerticle.Listening> listening = new CopyOnWriteArrayList<>();

  /** Set once by start, read by stop after it. */
  private volatile Optional<RoleContext> started = Optional.empty();

  private volatile Optional<String> deployment = Optional.empty();
  private volatile boolean stopping;

  /** @param origins web pages beside our own that may ask and connect */
  public GatewayRole(GatewayConfig config, OriginPolicy origins, SignIn signIn) {
    this.config = config;
    this.origins = origins;
    this.signIn = signIn;
  }

  @Override
  public String name() {
    return NodeInfo.GATEWAY;
  }

  @Override
  public Future<?> start(RoleContext context) {
    started = Optional.of(context);
    SubscriptionHub hub =
        new SubscriptionHub(context.vertx(), context.mesh(), config.linger(), context.metrics());
    GatewayVerticle.Shared shared = new GatewayVerticle.Shared(
        context,
        config,
        origins,
        signIn,
        hub,
        admission(context.vertx()),
        new ConnectionMeters(context.metrics()),
        listening::add);
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
        .compose(open -> hub.start())
        .compose(hearing -> deploy(context, shared));
  }

  private Future<String> deploy(RoleContext context, GatewayVerticle.Shared shared) {
    AtomicInteger number = new AtomicInteger();
    int loops = config.loops() == 0 ? Runtime.getRuntime().availableProcessors() : config.loops();
    return context
        .vertx()
        .deployVerticle(
            () -> new GatewayVerticle(shared, number.incrementAndGet()),
            new DeploymentOptions().setInstances(loops))
        .onSuccess(id -> deployment = Optional.of(id));
  }

  private AdmissionDesk admission(Vertx vertx) {
    Context home = ((VertxInternal) vertx).createEventLoopContext();
    return new AdmissionDesk(
        vertx, home, new Admission(config.admissionLimits(), nowMs()), GatewayRole::nowMs);
  }

  private static long nowMs() {
    return System.nanoTime() / 1_000_000;
  }

  private Optional<String> problem() {
    if (stopping) {
      return Optional.of("is stopping");
    }
    return deployment.isPresent() ? Optional.empty() : Optional.of("does not listen yet");
  }

  private void gauge(
      RoleContext context,
      String name,
      String description,
      ToIntFunction<GatewayVerticle.Listening> ofLoop) {
    Gauge.builder(name, listening, loops -> loops.stream().mapToInt(ofLoop).sum())
        .description(description)
        .register(context.metrics());
  }

  /** Not ready any more; then every client is told to come back elsewhere; then nobody listens. */
  @Override
  public Future<?> stop() {
    stopping = true;
    Optional<RoleContext> context = started;
    if (context.isEmpty()) {
      return Future.succeededFuture();
    }
    Future<Void> undeployed =
        deployment.map(context.get().vertx()::undeploy).orElseGet(Future::succeededFuture);
    return undeployed.eventually(signIn::stop);
  }

  /** The port that clients reach, once started. */
  public int port() {
    return listening.get(0).port();
  }
}
