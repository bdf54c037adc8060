package io.madang.runtime.launch;

import io.madang.runtime.admin.ActionDoor;
import io.madang.runtime.admin.AdminDoor;
import io.madang.runtime.bus.BusSeal;
import io.madang.runtime.bus.FaultPoints;
import io.madang.runtime.bus.MeshBus;
import io.madang.runtime.fault.FaultPage;
import io.madang.runtime.fault.PlannedFaults;
import io.madang.runtime.health.Health;
import io.madang.runtime.health.HealthServer;
import io.madang.runtime.membership.Neighbours;
import io.madang.runtime.membership.NodeInfo;
import io.madang.runtime.mesh.Mesh;
import io.madang.runtime.metrics.ProcessMeters;
import io.madang.runtime.postgres.PostgresOptions;
import io.madang.runtime.time.NodeTime;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process of the mesh, from start to stop: Vert.x, the cluster when there is one, the node, its roles in order, its health
 * pages; and back in the opposite order. {@link #start} and {@link #stop} block and belong on the main and the shutdown thread.
 */
public final class MeshProcess {
  private static final Logger LOG = LoggerFactory.getLogger(MeshProcess.class);

  private final NodeConfig config;
  private final List<Role> roles;
  private final boolean clustered;
  private final Health health = new Health();
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ProcessMeters processMeters = new ProcessMeters();

  /** Roles that were started, in order; written by start, read by stop after it. */
  private final List<Role> started = new ArrayList<>();

  private volatile boolean stopping;
  private Vertx vertx;
  private Mesh mesh;
  private HealthServer healthServer;

  /** Only when tests may break this process. */
  private Optional<FaultPage> faultPage = Optional.empty();

  private int healthPort;

  /**
   * @param clustered whether other processes are joined; else everything of the mesh is in this one
   */
  public MeshProcess(NodeConfig config, List<Role> roles, boolean clustered) {
    this.config = config;
    this.roles = List.copyOf(roles);
    this.clustered = clustered;
  }

  /**
   * Starts everything; returns when all roles serve.
   *
   * @throws ProcessStartException with one sentence that says what is wrong; what was started is stopped again
   */
  public void start(Duration within) {
    long deadline = System.nanoTime() + within.toNanos();
    try {
      Set<String> names = roles.stream().map(Role::name).collect(Collectors.toSet());
      String name = config.name().isEmpty() ? String.join("-", names) : config.name();
      NodeInfo self =
          Mesh.newIncarnation(roles.size() > 1 && config.name().isEmpty() ? "all" : name, names);
      metrics.config().meterFilter(MeterFilter.deny(MeshProcess::isOfHeldConnection));
      processMeters.bindTo(metrics);
      health.readyWhen("process", () -> stopping ? Optional.of("is stopping") : Optional.empty());
      mesh = clustered ? startClustered(self, deadline) : startAlone(self);
      tellTransport();
      // Alone it has heard of everything there is when its own roles are started.
      Duration settling = clustered ? config.settling() : Duration.ZERO;
      await(mesh.start(settling), deadline, "the node did not start");
      RoleContext context = new RoleContext(vertx, mesh, health, metrics);
      for (Role role : roles) {
        started.add(role);
        await(role.start(context), deadline, "the role " + role.name() + " did not start");
        LOG.info("Role {} serves on node {}", role.name(), self.id());
      }
      AdminDoor admin = new AdminDoor(config.adminSecret(), mesh.inspector());
      healthServer =
          new HealthServer(vertx, health, metrics).withPage(AdminDoor.PATH, admin::onRequest);
      roles.stream()
          .flatMap(role -> role.adminActions().stream())
          .forEach(action -> healthServer.withPage(
              action.path(), new ActionDoor(config.adminSecret(), action)::onRequest));
      faultPage.ifPresent(page -> healthServer.withPage(FaultPage.PATH, page));
      healthPort = await(
          healthServer.start(config.healthHost(), config.healthPort()),
          deadline,
          "the health pages cannot listen on " + config.healthHost() + ":" + config.healthPort());
    } catch (RuntimeException e) {
      stop();
      throw e;
    }
  }

  /** Vert.x falls back silently. */
  private void tellTransport() {
    if (vertx.isNativeTransportEnabled()) {
      LOG.info("The network is used through the native transport of this system");
    } else {
      LOG.info(
          "The network is used through Java's own transport, which costs more: there is no native one here");
      LOG.debug("Why there is no native transport", vertx.unavailableNativeTransportCause());
    }
  }

  private Mesh startAlone(NodeInfo self) {
    vertx = builder(options()).build();
    MeshBus.register(vertx, false);
    return new Mesh(
        vertx, self, Neighbours.none(), metrics, config.batches(), NodeTime.system(), faults(self));
  }

  private FaultPoints faults(NodeInfo self) {
    if (!config.faults()) {
      return FaultPoints.NONE;
    }
    LOG.warn(
        "MADANG_FAULTS is on: whoever reaches the health port may let this process lose messages and die. It is for tests of Madang itself.");
    PlannedFaults planned = new PlannedFaults(vertx, self.name());
    faultPage = Optional.of(new FaultPage(planned));
    return planned;
  }

  private Mesh startClustered(NodeInfo self, long deadline) {
    NodeConfig ports = FreePorts.fill(config);
    if (ports.clusterMembers().isEmpty() && ports.clusterDns().isEmpty()) {
      LOG.info(
          "No other member is named, so this is a cluster of its own; others join it by MADANG_CLUSTER_MEMBERS={}:{}",
          ports.clusterHost(),
          ports.clusterPort());
    }
    HazelcastCluster cluster = new HazelcastCluster(ports, self);
    EventBusOptions bus = new EventBusOptions()
        .setHost(ports.clusterHost())
        .setPort(ports.busPort())
        .setClusterPublicHost(ports.clusterHost())
        .setClusterPublicPort(ports.busPublicPort() == 0 ? ports.busPort() : ports.busPublicPort())
        .setConnectTimeout(3_000)
        .setClusterPingInterval(5_000)
        .setClusterPingReplyInterval(5_000);
    vertx = await(
        builder(options().setEventBusOptions(bus))
            .withClusterManager(cluster.manager())
            .buildClustered(),
        deadline,
        "the cluster could not be joined on " + ports.clusterHost() + ":" + ports.clusterPort());
    MeshBus.register(vertx, false);
    return new Mesh(
        vertx, self, cluster, metrics, config.batches(), NodeTime.system(), faults(self), seal());
  }

  private Optional<BusSeal> seal() {
    return config.clusterSecret().value().isEmpty()
        ? Optional.empty()
        : Optional.of(new BusSeal(config.clusterSecret(), config.clusterName()));
  }

  private static VertxOptions options() {
    return new VertxOptions().setPreferNativeTransport(true);
  }

  /**
   * Vert.x tells of its pools alone, how long work waits for a thread or a connection. What it could count of each message and
   * each request would cost every one of them, and our own meters tell it better.
   */
  private VertxBuilder builder(VertxOptions options) {
    EnumSet<MetricsDomain> others = EnumSet.complementOf(EnumSet.of(MetricsDomain.NAMED_POOLS));
    MicrometerMetricsOptions pools = new MicrometerMetricsOptions().setEnabled(true);
    others.forEach(pools::addDisabledMetricsCategory);
    pools.addDisabledMetricsCategory("sql").addDisabledMetricsCategory("redis");
    return Vertx.builder()
        .with(options.setMetricsOptions(pools))
        .withMetrics(new MicrometerMetricsFactory(metrics));
  }

  /** There is nothing to tell of a pool whose one connection is lent for good. */
  private static boolean isOfHeldConnection(Meter.Id meter) {
    String pool = meter.getTag("pool_name");
    return "redis".equals(meter.getTag("pool_type"))
        || (pool != null && pool.endsWith(PostgresOptions.HELD_SUFFIX));
  }

  /**
   * Stops in the opposite order; bounded by the configured time; may be called twice. A thread that was interrupted, to give up a
   * start, waits for it all the same.
   */
  public synchronized void stop() {
    boolean interrupted = Thread.interrupted();
    try {
      stopAll();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void stopAll() {
    if (vertx == null) {
      return;
    }
    stopping = true;
    long deadline = System.nanoTime() + config.stopWithin().toNanos();
    for (int i = started.size() - 1; i >= 0; i--) {
      Role role = started.get(i);
      awaitQuietly(role.stop(), deadline, "The role " + role.name() + " did not stop in order");
    }
    started.clear();
    if (mesh != null) {
      awaitQuietly(mesh.stop(), deadline, "The node did not stop in order");
    }
    if (healthServer != null) {
      awaitQuietly(healthServer.stop(), deadline, "The health pages did not stop in order");
    }
    awaitQuietly(vertx.close(), deadline, "Vert.x did not close in order");
    processMeters.close();
    vertx = null;
  }

  public Health health() {
    return health;
  }

  public Mesh mesh() {
    return mesh;
  }

  /** The port of the health pages, once started. */
  public int healthPort() {
    return healthPort;
  }

  private static <T> T await(Future<T> future, long deadline, String problem) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new ProcessStartException(problem + " in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProcessStartException(problem + ": interrupted", e);
    } catch (ExecutionException e) {
      throw new ProcessStartException(problem + ": " + reason(e.getCause()), e.getCause());
    }
  }

  private static void awaitQuietly(Future<?> future, long deadline, String problem) {
    try {
      await(future, deadline, problem);
    } catch (ProcessStartException e) {
      LOG.warn("{}", e.getMessage());
    }
  }

  private static String reason(Throwable cause) {
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }
}
