package io.madang.runtime.mesh;

import io.madang.runtime.bus.BusMessage;
import io.madang.runtime.bus.BusMessage.Answer;
import io.madang.runtime.bus.BusMessage.Ask;
import io.madang.runtime.bus.BusMessage.Batch;
import io.madang.runtime.bus.BusMessage.BatchTaken;
import io.madang.runtime.bus.BusMessage.Beat;
import io.madang.runtime.bus.BusMessage.Interest;
import io.madang.runtime.bus.BusMessage.InterestTaken;
import io.madang.runtime.bus.BusMessage.InterestWanted;
import io.madang.runtime.bus.BusMessage.Note;
import io.madang.runtime.bus.BusMessage.Relayed;
import io.madang.runtime.bus.BusMessage.StreamControl;
import io.madang.runtime.bus.BusMessage.StreamEnd;
import io.madang.runtime.bus.BusMessage.StreamItem;
import io.madang.runtime.bus.BusMessage.StreamOpen;
import io.madang.runtime.bus.BusMessage.UploadCredit;
import io.madang.runtime.bus.BusMessage.UploadDone;
import io.madang.runtime.bus.BusMessage.UploadEnd;
import io.madang.runtime.bus.BusMessage.UploadItem;
import io.madang.runtime.bus.BusMessage.UploadOpen;
import io.madang.runtime.bus.BusMessage.UploadProgress;
import io.madang.runtime.bus.BusSeal;
import io.madang.runtime.bus.FaultPoints;
import io.madang.runtime.bus.MeshBus;
import io.madang.runtime.bus.Question;
import io.madang.runtime.bus.Reply;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.descriptor.DescriptorJson;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.host.BatchLimits;
import io.madang.runtime.host.BatchMeters;
import io.madang.runtime.host.CommandMeters;
import io.madang.runtime.host.ServiceHost;
import io.madang.runtime.inspect.Inspection;
import io.madang.runtime.inspect.MeshPage;
import io.madang.runtime.inspect.MeshView;
import io.madang.runtime.membership.Membership;
import io.madang.runtime.membership.Membership.Change;
import io.madang.runtime.membership.NodeInfo;
import io.madang.runtime.metrics.CountersJson;
import io.madang.runtime.service.MeshService;
import io.madang.runtime.service.ServiceContext;
import io.madang.runtime.time.NodeTime;
import io.madang.runtime.topic.Payload;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process as a node of the mesh. Everything here is touched on one event loop, the mesh loop, except where a method says
 * otherwise; it is also the loop on which a gateway orders what comes for its clients.
 *
 * <p>It beats to every node twice a second, keeps the {@link Membership}, asks nodes what they host, and hands each message
 * to whom it is for: a hosted service (on the service's loop), the gateway, or whoever asked.
 */
public final class Mesh {
  private static final Logger LOG = LoggerFactory.getLogger(Mesh.class);
  private static final int NODE_ANSWER_MS = 1_000;
  private static final long TICK_MS = ClientObservers.TICK_MS;

  /** So often it is seen who is there: what was a dead node's is refused soon after its death. */
  private static final long LOOK_MS = 200;

  private final Vertx vertx;
  private final NodeInfo self;
  private final Neighbours neighbours;
  private final NodeTime time;
  private final MeterRegistry metrics;
  private final MeshBus bus;
  private final Context loop;
  private final Membership membership = new Membership();
  private final Directory directory = new Directory();
  private final NodeClocks clocks = new NodeClocks();
  private final Asker asker;
  private final RoutingClient client;
  private final ClientAsks clientAsks;
  private final RecentClient recent;
  private final PositionClient positions;
  private final GatewayLink gatewayLink;
  private final ClientObservers observers;
  private final Reach reach = new Reach();
  private final MeshMeters meters;
  private final SelfInspection selfInspection;
  private final MeshInspector inspector;
  private final InboundBatches inbound;
  private final Evidence evidence = new Evidence();
  private final OwnPulse pulse = new OwnPulse();
  private final BatchLimits batchLimits;
  private final HostedServices hosted = new HostedServices();

  /** Who hears notes, by subject. */
  private final Map<String, Consumer<Payload>> noteReaders = new HashMap<>();

  /** Nodes that are being asked what they host. */
  private final Set<String> describing = new HashSet<>();

  /** Whom batches go to; none on a node without clients. */
  private Optional<GatewayEndpoint> gateway = Optional.empty();

  /** Whom services' questions for clients go to; nobody on a node without clients. */
  private ClientEndpoint clients = ClientEndpoint.none();

  /** Who hears what other gateways say of clients; nobody on a node without clients. */
  private BiConsumer<String, Payload> relayed = (from, word) -> {};

  /** Told when other nodes are live than before; mesh loop. */
  private Runnable othersAreLive = () -> {};

  /** What the last beat said of us, so that a change beats at once. */
  private List<String> lastAccepting = List.of();

  /** Whether the end of the turn acknowledges batches. */
  private boolean acknowledging;

  /** When everything that is there has been heard of, on the forward-only clock. */
  private long settlesAtMillis;

  private long ticks;
  private long timer = -1;

  /** Read by health checks on other threads. */
  private volatile List<NodeInfo> live = List.of();

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
    this.inbound = new InboundBatches(self.id());
    this.loop = ((VertxInternal) vertx).createEventLoopContext();
    this.bus = new MeshBus(vertx, self.id(), faults, seal);
    this.asker = new Asker(vertx, bus, clocks, time);
    this.client = new RoutingClient(vertx, loop, bus, membership, directory, asker, time);
    this.clientAsks = new ClientAsks(vertx, loop, membership, asker);
    this.recent = new RecentClient(membership, directory, asker);
    this.positions = new PositionClient(membership, directory, asker);
    this.gatewayLink = new GatewayLink(vertx, loop, bus, membership, directory);
    this.meters = new MeshMeters(metrics);
    this.selfInspection = new SelfInspection(self, loop, membership, gatewayLink, metrics);
    this.inspector = new MeshInspector(vertx, this::onLoop, asker, selfInspection, client);
    this.observers = new ClientObservers(self.id(), membership, directory, asker);
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
    return onLoop(() -> bus.open(this::receive).onSuccess(opened -> {
      settlesAtMillis = nowMillis() + settling.toMillis();
      settleWhenDue();
      apply(membership.found(self, nowMillis()));
      neighbours.watch(new ClusterListener());
      timer = vertx.setPeriodic(TICK_MS, tick -> onTick());
      beat();
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
            new ServiceContext(vertx, self, publisher, client, clientAsks, new Nodes(), metrics));
    return vertx
        .deployVerticle(host, new DeploymentOptions())
        .compose(deployment -> onLoop(() -> {
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
          beat();
          return Future.<Void>succeededFuture();
        }));
  }

  /** Ends hosting a service: no command comes any more, then it closes its stores. Safe on any thread. */
  public Future<Void> withdraw(String service) {
    return onLoop(() -> {
      Optional<String> deployment = hosted.leave(service);
      if (deployment.isEmpty()) {
        return Future.succeededFuture();
      }
      beat();
      return vertx
          .undeploy(deployment.get())
          .onComplete(stopped -> loop.runOnContext(turn -> hosted.left(deployment.get())));
    });
  }

  /** Ends the node: its hosted services first. Safe on any thread. */
  public Future<Void> stop() {
    return Future.join(hosted.names().stream().map(this::withdraw).toList())
        .otherwiseEmpty()
        .compose(withdrawn -> onLoop(() -> {
          vertx.cancelTimer(timer);
          return bus.close();
        }));
  }

  /** Takes batches and evidence from now on; on the mesh loop they are told. Safe on any thread. */
  public Future<Void> attach(GatewayEndpoint endpoint) {
    return onLoop(() -> {
      gateway = Optional.of(endpoint);
      return Future.succeededFuture();
    });
  }

  /** Puts to clients what services ask them from now on; asked on the mesh loop. Safe on any thread. */
  public Future<Void> attachClients(ClientEndpoint endpoint) {
    return onLoop(() -> {
      clients = endpoint;
      return Future.succeededFuture();
    });
  }

  /** Hears what other gateways say from now on: who says it, and what; on the mesh loop. Safe on any thread. */
  public Future<Void> hearRelayed(BiConsumer<String, Payload> hearing) {
    return onLoop(() -> {
      relayed = hearing;
      return Future.succeededFuture();
    });
  }

  /** Hands the notes of a subject to {@code reader}, on the mesh loop. Safe on any thread. */
  public Future<Void> hearNotes(String subject, Consumer<Payload> reader) {
    return onLoop(() -> {
      noteReaders.put(subject, reader);
      return Future.succeededFuture();
    });
  }

  /** Tells, on the mesh loop, whenever {@link #live()} names other nodes than before. Safe on any thread. */
  public Future<Void> hearMembers(Runnable changed) {
    return onLoop(() -> {
      othersAreLive = changed;
      return Future.succeededFuture();
    });
  }

  /** Says something to another gateway; a word to one that went away is lost. From one thread in order; safe on any. */
  public void relay(String gatewayNode, Payload word) {
    bus.send(gatewayNode, new Relayed(self.id(), word));
  }

  /** Tells every other gateway something, once and without asking whether it came. Safe on any thread. */
  public void tellGateways(String subject, Payload body) {
    loop.runOnContext(turn -> membership.members().stream()
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
    return loop;
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
    return live;
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
    message.dispatch(new Receiver());
  }

  private void noticeStandstill() {
    if (pulse.stoodStill(nowMillis())) {
      LOG.warn("This process stood still for longer than others wait for it");
      gatewayLink.announceAgain();
      gateway.ifPresent(GatewayEndpoint::onStoodStill);
      hosted.tellAll(ServiceHost::onStoodStill);
      beat();
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
    apply(membership.sweep(nowMillis()));
    evidence.due(nowMillis()).forEach(this::compareTopicsOf);
    reach.look(
        directory.services().stream()
            .map(ServiceDescriptor::service)
            .filter(service -> !hosted.isOurs(service))
            .toList(),
        service -> !membership.accepting(service).isEmpty(),
        nowMillis());
    observers.onTick();
    client.onTick();
    if (ticks % (Membership.BEAT_EVERY.toMillis() / TICK_MS) == 0
        || !hosted.accepting().equals(lastAccepting)) {
      beat();
    }
    if (ticks % (LOOK_MS / TICK_MS) == 0) {
      neighbours.look();
    }
    if (ticks % (1_000 / TICK_MS) == 0) {
      meters.nodes(live.size(), membership.members().size() - live.size());
      meters.interest(gatewayLink.wanted());
      hosted.tellAll(ServiceHost::onTick);
    }
  }

  private void beat() {
    lastAccepting = hosted.accepting();
    Beat beat = new Beat(
        self, nowMillis(), lastAccepting, gateway.isPresent() ? gatewayLink.digests() : List.of());
    membership.members().forEach(member -> bus.send(member.info().id(), beat));
    gatewayLink.remind();
  }

  private void apply(List<Change> changes) {
    for (Change change : changes) {
      NodeInfo node = change.node();
      if (change instanceof Membership.Gone) {
        LOG.info("Node {} is gone", node.id());
        onGone(node);
      } else if (change instanceof Membership.Suspected) {
        LOG.warn("Node {} is silent", node.id());
        tellGatewayHosts(node, host -> host.onGatewaySilent(node));
      } else if (change instanceof Membership.Returned) {
        LOG.info("Node {} is heard again", node.id());
        tellGatewayHosts(node, host -> host.onGatewayReturned(node));
      } else if (change instanceof Membership.Joined) {
        LOG.info("Node {} is there with {}", node.id(), node.roles());
        onJoined(node);
      }
      evidence.on(change, nowMillis()).forEach(this::compareTopicsOf);
    }
    if (!changes.isEmpty()) {
      gatewayLink.onMembershipChanged();
      live = membership.members().stream()
          .filter(member -> !member.suspected())
          .map(Membership.Member::info)
          .toList();
      othersAreLive.run();
    }
  }

  private void onJoined(NodeInfo node) {
    tellGatewayHosts(node, host -> host.onGatewayJoined(node));
    bus.send(node.id(), new Beat(self, nowMillis(), lastAccepting, List.of()));
  }

  private void onGone(NodeInfo node) {
    tellGatewayHosts(node, host -> host.onGatewayGone(node));
    inbound.gone(node.id());
    gatewayLink.onGone(node.id());
    clocks.onGone(node.id());
    client.onGone(node.id());
  }

  /** What every hosted service does about a node that is a gateway; nothing about another. */
  private void tellGatewayHosts(NodeInfo node, Consumer<ServiceHost> work) {
    if (node.isGateway()) {
      hosted.tellAll(work);
    }
  }

  private void compareTopicsOf(NodeInfo node) {
    for (ServiceDescriptor service : directory.services()) {
      if (node.hosts(service.service())) {
        gateway.ifPresent(endpoint -> endpoint.onEvidence(service.service()));
      }
    }
  }

  /** Asks a node what it hosts when its beat names a service we know nothing of. */
  private void describe(Beat beat) {
    boolean known =
        beat.accepting().stream().allMatch(service -> directory.service(service).isPresent());
    if (known || !describing.add(beat.from().id())) {
      return;
    }
    asker.ask(beat.from().id(), "", new Question.Describe(), NODE_ANSWER_MS).onComplete(result -> {
      describing.remove(beat.from().id());
      if (result.succeeded() && result.result() instanceof Reply.Described described) {
        described.descriptors().forEach(this::takeDescriptor);
      }
    });
  }

  private void takeDescriptor(Payload payload) {
    try {
      directory.announce(DescriptorJson.fromPayload(payload));
    } catch (IllegalArgumentException e) {
      LOG.error(
          "A node announced a service that this version does not understand: {}", e.getMessage());
    }
  }

  private void deliver(Batch batch) {
    Runnable taken = () -> loop.runOnContext(turn -> {
      inbound.taken(batch);
      acknowledgeAfterTurn();
    });
    if (gateway.isEmpty()) {
      taken.run();
      return;
    }
    GatewayEndpoint endpoint = gateway.get();
    try {
      endpoint.onBatch(batch.node(), batch.publications(), taken);
      if (!batch.newest().isEmpty()) {
        endpoint.onLeftOut(batch.node(), batch.newest());
      }
      if (batch.othersLeftOut()) {
        endpoint.onEvidence(batch.service());
      }
    } catch (RuntimeException e) {
      // A batch that breaks us would break us each time it is sent again; what is missing, the
      // comparison of positions brings.
      LOG.error("A batch of {} was not delivered", batch.service(), e);
      taken.run();
      endpoint.onEvidence(batch.service());
    }
  }

  /** What several batches of one turn need is one message per node and service. */
  private void acknowledgeAfterTurn() {
    if (inbound.hasAcknowledgements() && !acknowledging) {
      acknowledging = true;
      loop.runOnContext(turn -> {
        acknowledging = false;
        inbound
            .acknowledgements()
            .forEach((node, messages) -> messages.forEach(message -> bus.send(node, message)));
      });
    }
  }

  private <T> Future<T> onLoop(Supplier<Future<T>> work) {
    Context asking = vertx.getOrCreateContext();
    Promise<T> promise = Promise.promise();
    loop.runOnContext(turn ->
        work.get().onComplete(result -> asking.runOnContext(back -> promise.handle(result))));
    return promise.future();
  }

  private long nowMillis() {
    return time.millis();
  }

  /** What the cluster tells, brought to the mesh loop. */
  private final class ClusterListener implements Neighbours.Listener {
    @Override
    public void found(NodeInfo node) {
      loop.runOnContext(turn -> apply(membership.found(node, nowMillis())));
    }

    @Override
    public void lost(String id) {
      loop.runOnContext(turn -> apply(membership.lost(id)));
    }
  }

  private final class Nodes implements ServiceContext.NodeView {
    @Override
    public List<NodeInfo> live() {
      return live;
    }

    @Override
    public Future<Payload> counters(NodeInfo node) {
      return onLoop(() -> asker.ask(node.id(), "", new Question.Count(), NODE_ANSWER_MS))
          .compose(reply -> reply instanceof Reply.Counted counted
              ? Future.succeededFuture(counted.counters())
              : Future.failedFuture("no counters from " + node.id()));
    }

    @Override
    public Future<Payload> look(MeshView view, Inspection inspection, Duration within) {
      return inspector
          .look(view, inspection, within)
          .map(report ->
              Payload.ofJson(new MeshPage(report).of(view, inspection.top()).encode()));
    }
  }

  /** Hands each message to whom it is for. */
  private final class Receiver implements BusMessage.Handler {
    @Override
    public void on(Beat message) {
      apply(membership.beat(message.from(), message.accepting(), nowMillis()));
      if (membership.member(message.from().id()).isPresent()) {
        clocks.heard(message.from().id(), message.clockMs(), nowMillis());
      }
      describe(message);
      message
          .interest()
          .forEach(digest ->
              hosted.tell(digest.service(), host -> host.onDigest(message.from().id(), digest)));
    }

    @Override
    public void on(Interest message) {
      hosted.tell(message.service(), host -> host.onInterest(message));
    }

    @Override
    public void on(InterestTaken message) {
      gatewayLink.onTaken(message);
    }

    @Override
    public void on(InterestWanted message) {
      gatewayLink.onWanted(message);
    }

    @Override
    public void on(Batch message) {
      if (inbound.arrived(message)) {
        deliver(message);
      }
      acknowledgeAfterTurn();
    }

    @Override
    public void on(BatchTaken message) {
      hosted.tellAlsoLeaving(message.service(), host -> host.onBatchTaken(message));
    }

    @Override
    public void on(Ask message) {
      long received = time.nanos();
      if (message.question() instanceof Question.Describe) {
        List<Payload> descriptors = hosted.hosts().stream()
            .map(host -> DescriptorJson.toPayload(host.descriptor()))
            .toList();
        bus.send(message.from(), new Answer(message.id(), new Reply.Described(descriptors)));
      } else if (message.question() instanceof Question.Count) {
        bus.send(
            message.from(), new Answer(message.id(), new Reply.Counted(CountersJson.of(metrics))));
      } else if (message.question() instanceof Question.Inspect inspect) {
        selfInspection
            .report(inspect.inspection(), hosted.hosts(), gateway, nowMillis())
            .onSuccess(report ->
                bus.send(message.from(), new Answer(message.id(), new Reply.Inspected(report))));
      } else if (message.question() instanceof Question.OfClient client) {
        clients.ask(
            client.question(),
            answer ->
                bus.send(message.from(), new Answer(message.id(), new Reply.OfClient(answer))));
      } else if (!hosted.tell(message.service(), host -> host.onAsk(message, received))) {
        Reply elsewhere =
            new Reply.Failed(Reply.Kind.NOT_ACCEPTING, message.service() + " is not hosted here");
        bus.send(message.from(), new Answer(message.id(), elsewhere));
      }
    }

    @Override
    public void on(Answer message) {
      client.onAnswer(message);
    }

    @Override
    public void on(StreamOpen message) {
      hosted.tell(message.service(), host -> host.onStreamOpen(message));
    }

    @Override
    public void on(StreamControl message) {
      hosted.tell(message.service(), host -> host.onStreamControl(message));
    }

    @Override
    public void on(StreamItem message) {
      client.onStreamItem(message);
    }

    @Override
    public void on(StreamEnd message) {
      client.onStreamEnd(message);
    }

    @Override
    public void on(UploadOpen message) {
      if (!hosted.tell(message.service(), host -> host.onUploadOpen(message))) {
        Refusal elsewhere = Refusal.later("unavailable", "The service has moved.", 500);
        bus.send(message.from(), new UploadDone(message.id(), CommandOutcome.refused(elsewhere)));
      }
    }

    @Override
    public void on(UploadItem message) {
      hosted.tell(message.service(), host -> host.onUploadItem(message));
    }

    @Override
    public void on(UploadEnd message) {
      hosted.tell(message.service(), host -> host.onUploadEnd(message));
    }

    @Override
    public void on(UploadCredit message) {
      client.uploads().onCredit(message);
    }

    @Override
    public void on(UploadProgress message) {
      client.uploads().onProgress(message);
    }

    @Override
    public void on(UploadDone message) {
      client.uploads().onDone(message);
    }

    @Override
    public void on(Relayed message) {
      relayed.accept(message.from(), message.word());
    }

    @Override
    public void on(Note message) {
      Consumer<Payload> reader = noteReaders.get(message.subject());
      if (reader != null) {
        reader.accept(message.body());
      }
    }
  }
}
