package io.madang.runtime.mesh;

import io.madang.runtime.bus.BusMessage;
import io.madang.runtime.bus.BusMessage.Note;
import io.madang.runtime.bus.BusMessage.Relayed;
import io.madang.runtime.bus.BusSeal;
import io.madang.runtime.bus.FaultPoints;
import io.madang.runtime.bus.MeshBus;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.host.BatchLimits;
import io.madang.runtime.host.BatchMeters;
import io.madang.runtime.host.CommandMeters;
import io.madang.runtime.host.ServiceHost;
import io.madang.runtime.membership.Membership;
import io.madang.runtime.membership.Neighbours;
import io.madang.runtime.membership.NodeClocks;
import io.madang.runtime.membership.NodeInfo;
import io.madang.runtime.membership.OwnPulse;
import io.madang.runtime.mesh.ask.Asker;
import io.madang.runtime.mesh.ask.ClientAsks;
import io.madang.runtime.mesh.ask.MeshClient;
import io.madang.runtime.mesh.ask.MeshLoop;
import io.madang.runtime.mesh.ask.PositionClient;
import io.madang.runtime.mesh.ask.RecentClient;
import io.madang.runtime.mesh.ask.RoutingClient;
import io.madang.runtime.mesh.directory.Directory;
import io.madang.runtime.mesh.directory.KnownServices;
import io.madang.runtime.mesh.directory.Reach;
import io.madang.runtime.service.MeshService;
import io.madang.runtime.service.ServiceContext;
import io.madang.runtime.time.NodeTime;
import io.madang.runtime.topic.Payload;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process as a node of the mesh. Everything here is touched on one event loop, the mesh loop, except where a method says
 * otherwise; it is also the loop on which a gateway orders what comes for its clients.
 *
 * <p>It beats to every node twice a second, keeps the {@link Membership} ({@link Neighbourhood}), asks nodes what they host ({@link
 * Introductions}), and hands each message to whom it is for: a hosted service (on the service's loop), the gateway, or whoever asked
 * ({@link Receiver}).
 */
public final class Mesh {
  private static final Logger LOG = LoggerFactory.getLogger(Mesh.class);
  private static final long TICK_MS = ClientObservers.TICK_MS;

  /** So often it is seen who is there: what was a dead node's is refused soon after its death. */
  private static final long LOOK_MS = 200;

  private final Vertx vertx;
  private final NodeInfo self;
  private final Neighbours neighbours;
  private final NodeTime time;
  private final MeterRegistry metrics;
  private final MeshBus bus;
  private final MeshLoop loop;
  private final Membership membership = new Membership();
  private final KnownServices directory = new KnownServices();
  private final RoutingClient client;
  private final ClientAsks clientAsks;
  private final RecentClient recent;
  private final PositionClient positions;
  private final GatewayLink gatewayLink;
  private final ClientObservers observers;
  private final Reach reach = new Reach();
  private final MeshMeters meters;
  private final MeshInspector inspector;
  private final Endpoints endpoints = new Endpoints();
  private final OwnBeat beat;
  private final Neighbourhood neighbourhood;
  private final OtherNodes others;
  private final Receiver receiver;
  private final OwnPulse pulse = new OwnPulse();
  private final BatchLimits batchLimits;
  private final HostedServices hosted = new HostedServices();

  /** When everything that is there has been heard of, on the forward-only clock. */
  private long settlesAtMillis;

  private long ticks;
  private long timer = -1;

  /**
   * @param neighbours where other nodes are learned of
   * @param metrics where commands are counted
   */
  public Mesh(Vertx vertx, NodeInfo self, Neighbours neighbours, MeterRegistry metrics) {
    this(vertx, self, neighbours, metrics, BatchLimits.defaults());
  }

  /** As the other, with bounds for what is on its way to gateways. */
  public Mesh(
      Vertx vertx,
      NodeInfo self,
      Neighbours neighbours,
      MeterRegistry metrics,
      BatchLimits batchLimits) {
    this(vertx, self, neighbours, metrics, batchLimits, NodeTime.system(), FaultPoints.NONE);
  }

  /** As the other, with a clock and dice of its own, and what tests let go wrong. */
  public Mesh(
      Vertx vertx,
      NodeInfo self,
      Neighbours neighbours,
      MeterRegistry metrics,
      BatchLimits batchLimits,
      NodeTime time,
      FaultPoints faults) {
    this(vertx, self, neighbours, metrics, batchLimits, time, faults, Optional.empty());
  }

  /** As the other, with a seal on what nodes say to each other. */
  public Mesh(
      Vertx vertx,
      NodeInfo self,
      Neighbours neighbours,
      MeterRegistry metrics,
      BatchLimits batchLimits,
      NodeTime time,
      FaultPoints faults,
      Optional<BusSeal> seal) {
    this.vertx = vertx;
    this.self = self;
    this.neighbours = neighbours;
    this.metrics = metrics;
    this.batchLimits = batchLimits;
    this.time = time;
    this.loop = new MeshLoop(vertx);
    this.bus = new MeshBus(vertx, self.id(), faults, seal);
    NodeClocks clocks = new NodeClocks();
    Asker asker = new Asker(vertx, bus, clocks, time);
    this.client = new RoutingClient(vertx, loop, bus, membership, directory, asker, time);
    this.clientAsks = new ClientAsks(loop, membership, asker);
    this.recent = new RecentClient(membership, directory, asker);
    this.positions = new PositionClient(membership, directory, asker);
    this.gatewayLink = new GatewayLink(vertx, loop.context(), bus, membership, directory);
    this.meters = new MeshMeters(metrics);
    SelfInspection selfInspection =
        new SelfInspection(self, loop.context(), membership, gatewayLink, metrics);
    this.inspector = new MeshInspector(vertx, loop, asker, selfInspection, client);
    this.observers = new ClientObservers(self.id(), membership, directory, asker);
    this.beat = new OwnBeat(self, time, bus, membership, hosted, endpoints, gatewayLink);
    BatchIntake batches = new BatchIntake(loop.context(), bus, endpoints);
    this.neighbourhood = new Neighbourhood(
        membership,
        clocks,
        time,
        new NodeChanges(hosted, directory, endpoints, gatewayLink, batches, client, beat));
    this.others = new OtherNodes(loop, neighbourhood, asker, inspector);
    this.receiver = new Receiver(
        neighbourhood,
        new Introductions(directory, asker),
        hosted,
        new NodeAnswers(bus, hosted, endpoints, selfInspection, metrics, time),
        client,
        gatewayLink,
        batches,
        endpoints);
  }

  /** A mesh of one process with the wire form between its parts, as tests want it. */
  public static Mesh local(Vertx vertx, String name, String... roles) {
    return local(vertx, BatchLimits.defaults(), name, roles);
  }

  /** As the other, with bounds for what is on its way to gateways. */
  public static Mesh local(Vertx vertx, BatchLimits limits, String name, String... roles) {
    MeshBus.register(vertx, true);
    return new Mesh(
        vertx,
        newIncarnation(name, Set.of(roles)),
        Neighbours.none(),
        new SimpleMeterRegistry(),
        limits);
  }

  /** A node of this name in a new life. */
  public static NodeInfo newIncarnation(String name, Set<String> roles) {
    long random = ThreadLocalRandom.current().nextLong(1L << 40);
    return new NodeInfo(name + "." + Long.toString((1L << 40) | random, 36), name, roles);
  }

  /** As {@link #start(Duration)}, for a node that knows its mesh at once. */
  public Future<Void> start() {
    return start(Duration.ZERO);
  }

  /**
   * Opens the bus and begins to beat; safe on any thread.
   *
   * @param settling for so long a service or topic that is not known here is {@code unavailable}, as its nodes may be starting
   *     as well; then it is {@code unknown}
   */
  public Future<Void> start(Duration settling) {
    return loop.call(() -> bus.open(this::receive).onSuccess(opened -> {
      settlesAtMillis = nowMillis() + settling.toMillis();
      settleWhenDue();
      neighbourhood.found(self);
      neighbours.watch(new ClusterListener());
      timer = vertx.setPeriodic(TICK_MS, tick -> onTick());
      beat.send();
    }));
  }

  /** Hosts a service on an event loop of its own; succeeds when it serves. Safe on any thread. */
  public Future<Void> serve(MeshService service) {
    ServiceDescriptor descriptor = service.descriptor();
    ServiceHost host = new ServiceHost(
        service,
        bus,
        new CommandMeters(metrics, descriptor.service()),
        batchLimits,
        new BatchMeters(metrics, descriptor.service()),
        time,
        publisher ->
            new ServiceContext(vertx, self, publisher, client, clientAsks, others, metrics));
    return vertx
        .deployVerticle(host, new DeploymentOptions())
        .compose(deployment -> loop.call(() -> {
          hosted.add(host, deployment);
          directory.announce(descriptor);
          List<NodeInfo> gateways = membership.members().stream()
              .map(Membership.Member::info)
              .filter(NodeInfo::isGateway)
              .toList();
          List<NodeInfo> silentGateways = membership.members().stream()
              .filter(member -> member.suspected() && member.info().isGateway())
              .map(Membership.Member::info)
              .toList();
          host.loop().runOnContext(turn -> {
            host.onGateways(gateways);
            silentGateways.forEach(host::onGatewaySilent);
          });
          beat.send();
          return Future.<Void>succeededFuture();
        }));
  }

  /** Ends hosting a service: no command comes any more, then it closes its stores. Safe on any thread. */
  public Future<Void> withdraw(String service) {
    return loop.call(() -> {
      Optional<String> deployment = hosted.leave(service);
      if (deployment.isEmpty()) {
        return Future.succeededFuture();
      }
      beat.send();
      return vertx
          .undeploy(deployment.get())
          .onComplete(
              stopped -> loop.context().runOnContext(turn -> hosted.left(deployment.get())));
    });
  }

  /** Ends the node: its hosted services first. Safe on any thread. */
  public Future<Void> stop() {
    return Future.join(hosted.names().stream().map(this::withdraw).toList())
        .otherwiseEmpty()
        .compose(withdrawn -> loop.call(() -> {
          vertx.cancelTimer(timer);
          return bus.close();
        }));
  }

  /** Takes batches and evidence from now on; on the mesh loop they are told. Safe on any thread. */
  public Future<Void> attach(GatewayEndpoint endpoint) {
    return loop.run(() -> endpoints.attach(endpoint));
  }

  /** Puts to clients what services ask them from now on; asked on the mesh loop. Safe on any thread. */
  public Future<Void> attachClients(ClientEndpoint endpoint) {
    return loop.run(() -> endpoints.attachClients(endpoint));
  }

  /** Hears what other gateways say from now on: who says it, and what; on the mesh loop. Safe on any thread. */
  public Future<Void> hearRelayed(BiConsumer<String, Payload> hearing) {
    return loop.run(() -> endpoints.hearRelayed(hearing));
  }

  /** Hands the notes of a subject to {@code reader}, on the mesh loop. Safe on any thread. */
  public Future<Void> hearNotes(String subject, Consumer<Payload> reader) {
    return loop.run(() -> endpoints.hearNotes(subject, reader));
  }

  /** Tells, on the mesh loop, whenever {@link #live()} names other nodes than before. Safe on any thread. */
  public Future<Void> hearMembers(Runnable changed) {
    return loop.run(() -> endpoints.hearMembers(changed));
  }

  /** Says something to another gateway; a word to one that went away is lost. From one thread in order; safe on any. */
  public void relay(String gatewayNode, Payload word) {
    bus.send(gatewayNode, new Relayed(self.id(), word));
  }

  /** Tells every other gateway something, once and without asking whether it came. Safe on any thread. */
  public void tellGateways(String subject, Payload body) {
    loop.context()
        .runOnContext(turn -> membership.members().stream()
            .map(Membership.Member::info)
            .filter(node -> node.isGateway() && !node.id().equals(self.id()))
            .forEach(node -> bus.send(node.id(), new Note(self.id(), subject, body))));
  }

  public NodeInfo self() {
    return self;
  }

  public MeshClient client() {
    return client;
  }

  public Directory directory() {
    return directory;
  }

  /** The node's clock and dice; safe on any thread. */
  public NodeTime time() {
    return time;
  }

  /** The mesh loop. */
  public Context loop() {
    return loop.context();
  }

  /** For the gateway, on the mesh loop. */
  public GatewayLink gatewayLink() {
    return gatewayLink;
  }

  /** For the gateway, on the mesh loop. */
  public PositionClient positions() {
    return positions;
  }

  /** For the gateway, on the mesh loop. */
  public RecentClient recent() {
    return recent;
  }

  /** For the gateway, on the mesh loop. */
  public ClientObservers observers() {
    return observers;
  }

  /** For operators; safe on any thread. */
  public MeshInspector inspector() {
    return inspector;
  }

  /** Every node that is there and not suspected; safe on any thread. */
  public List<NodeInfo> live() {
    return neighbourhood.live();
  }

  /**
   * How long services that this process once heard of, and does not host, have had no node that it reaches; empty when all are
   * reached. Safe on any thread.
   */
  public Map<String, Duration> missed() {
    return reach.missed(nowMillis());
  }

  /** Whether the service hosted here takes commands; safe on any thread once {@link #serve} has succeeded. */
  public boolean isAccepting(String service) {
    return hosted.isAccepting(service);
  }

  private void receive(BusMessage message) {
    // Before anything that came while the process stood still.
    noticeStandstill();
    message.dispatch(receiver);
  }

  private void noticeStandstill() {
    if (pulse.stoodStill(nowMillis())) {
      LOG.warn("This process stood still for longer than others wait for it");
      gatewayLink.announceAgain();
      endpoints.gateway().ifPresent(GatewayEndpoint::onStoodStill);
      hosted.tellAll(ServiceHost::onStoodStill);
      beat.send();
    }
  }

  private void settleWhenDue() {
    if (nowMillis() >= settlesAtMillis) {
      directory.settle();
    }
  }

  private void onTick() {
    ticks++;
    settleWhenDue();
    noticeStandstill();
    neighbourhood.onTick();
    reach.look(
        directory.services().stream()
            .map(ServiceDescriptor::service)
            .filter(service -> !hosted.isOurs(service))
            .toList(),
        service -> !membership.accepting(service).isEmpty(),
        nowMillis());
    observers.onTick();
    client.onTick();
    if (ticks % (Membership.BEAT_EVERY.toMillis() / TICK_MS) == 0 || beat.isOld()) {
      beat.send();
    }
    if (ticks % (LOOK_MS / TICK_MS) == 0) {
      neighbours.look();
    }
    if (ticks % (1_000 / TICK_MS) == 0) {
      int live = neighbourhood.live().size();
      meters.nodes(live, membership.members().size() - live);
      meters.interest(gatewayLink.wanted());
      hosted.tellAll(ServiceHost::onTick);
    }
  }

  /** What the cluster tells, brought to the mesh loop. */
  private final class ClusterListener implements Neighbours.Listener {
    @Override
    public void found(NodeInfo node) {
      loop.context().runOnContext(turn -> neighbourhood.found(node));
    }

    @Override
    public void lost(String id) {
      loop.context().runOnContext(turn -> neighbourhood.lost(id));
    }
  }

  private long nowMillis() {
    return time.millis();
  }
}
