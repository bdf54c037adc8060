package io.madang.gateway.simulation;

import io.madang.gateway.command.Commands;
import io.madang.gateway.connection.Connection;
import io.madang.gateway.connection.Connections;
import io.madang.gateway.connection.Surroundings;
import io.madang.gateway.connection.Topics;
import io.madang.gateway.connection.measure.ConnectionLimits;
import io.madang.gateway.connection.measure.ConnectionMeters;
import io.madang.gateway.connection.measure.LoopTime;
import io.madang.gateway.fanout.HubLimits;
import io.madang.gateway.fanout.HubMesh;
import io.madang.gateway.fanout.HubTime;
import io.madang.gateway.fanout.SubscriptionHub;
import io.madang.gateway.identity.Authenticator;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.identity.Principal;
import io.madang.gateway.limit.Admission;
import io.madang.gateway.limit.DeadlineWheel;
import io.madang.gateway.limit.ShareStore;
import io.madang.gateway.limit.UserPlaces;
import io.madang.gateway.limit.UserShares;
import io.madang.runtime.bus.FaultPoints;
import io.madang.runtime.config.Settings;
import io.madang.runtime.host.BatchLimits;
import io.madang.runtime.membership.NodeInfo;
import io.madang.runtime.mesh.Mesh;
import io.madang.runtime.metrics.MeterNames;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One life of a node: the product's own parts in a simulated process, put together as the product does it. */
final class Node {
  private static final int CONNECTION_LOOPS = 2;
  static final Duration LINGER = Duration.ofSeconds(1);

  /** Few enough that answers are cut and go on as publications. */
  static final int MAX_ANSWER_BYTES = 6_000;

  /** What a publication counts in an answer beside its data. */
  static final int ENVELOPE_BYTES = 256;

  private static final int MAX_RESUMED_BYTES = 1_048_576;

  /** Some publications of each topic. */
  private static final int RECENT_BYTES = 3_000;

  /** Few enough that who does not read for a while lags. */
  private static final int LAGGING_BYTES = 3_000;

  /** Longer than a service takes to be heard of. */
  private static final Duration SETTLING = Duration.ofSeconds(30);

  /** Few enough in flight that a window fills up when nothing is acknowledged. */
  private static final String BATCHES_IN_FLIGHT = "16";

  /** Some publications of a service: what is missed is mostly there, and sometimes gone. */
  private static final String RECENT_OF_SERVICE_BYTES = "22000";

  /** What a connection loop of a gateway has. */
  private record Door(SimLoop loop, Surroundings around) {}

  final String name;
  final SimProcess process;

  private final VirtualTime time;
  private final SimLoop boot;
  private final Mesh mesh;
  private final MeterRegistry metrics = new SimpleMeterRegistry();
  private final List<Door> doors = new ArrayList<>();

  private Node(
      String name, int life, Set<String> roles, VirtualTime time, SimBus bus, SimCluster cluster) {
    this.name = name;
    this.time = time;
    String id = name + ".i" + life;
    this.process = new SimProcess(id, time, bus);
    this.boot = process.newLoop("boot");
    NodeInfo self = new NodeInfo(id, name, roles);
    BatchLimits limits = BatchLimits.from(new Settings(Map.of(
        "MADANG_BATCHES_IN_FLIGHT",
        BATCHES_IN_FLIGHT,
        "MADANG_BATCH_RECENT_BYTES",
        RECENT_OF_SERVICE_BYTES)));
    this.mesh = new Mesh(
        process.vertx(),
        self,
        cluster.joinedBy(process, self),
        metrics,
        limits,
        time,
        FaultPoints.NONE);
  }

  static Node gateway(String name, int life, VirtualTime time, SimBus bus, SimCluster cluster) {
    Node node = new Node(name, life, Set.of("gateway"), time, bus, cluster);
    node.boot.run(() -> node.mesh.start(SETTLING).compose(started -> node.openDoors()));
    return node;
  }

  static Node service(
      String name, int life, VirtualTime time, SimBus bus, SimCluster cluster, Store store) {
    Node node =
        new Node(name, life, Set.of(RoomService.ROOMS, RoomService.BOARDS), time, bus, cluster);
    node.boot.run(() -> node.mesh
        .start()
        .compose(
            started -> node.mesh.serve(new RoomService(RoomService.ROOMS, node.process, store)))
        .compose(
            served -> node.mesh.serve(new RoomService(RoomService.BOARDS, node.process, store))));
    return node;
  }

  private Future<Void> openDoors() {
    SubscriptionHub hub = new SubscriptionHub(
        HubMesh.of(mesh),
        HubTime.of(process.vertx()),
        time.dice(),
        new HubLimits(LINGER, MAX_ANSWER_BYTES, RECENT_BYTES),
        metrics);
    ConnectionMeters meters = new ConnectionMeters(metrics);
    return hub.start().onSuccess(hears -> {
      for (int number = 0; number < CONNECTION_LOOPS; number++) {
        SimLoop loop = process.newLoop("door" + number);
        String prefix = process.name() + "-" + number;
        loop.run(() -> doors.add(new Door(loop, surroundings(hub, prefix, meters))));
      }
    });
  }

  /** On the loop of the door. */
  private Surroundings surroundings(SubscriptionHub hub, String prefix, ConnectionMeters meters) {
    LoopTime loopTime = new LoopTime() {
      @Override
      public long nowMs() {
        return time.millis();
      }

      @Override
      public Instant instant() {
        return Instant.ofEpochMilli(time.millis());
      }
    };
    DeadlineWheel deadlines = new DeadlineWheel(time.millis());
    process.vertx().setPeriodic(DeadlineWheel.TICK_MS, tick -> deadlines.advance(time.millis()));
    return new Surroundings(
        name,
        limits(),
        loopTime,
        deadlines,
        authenticator(),
        places(),
        new UserShares(new UserShares.Rate(0, 1), ShareStore.none(), time::millis),
        new Commands(mesh.client()),
        Topics.of(hub.newFanout(time.current()::run)),
        new Connections(prefix),
        meters);
  }

  private static ConnectionLimits limits() {
    return new ConnectionLimits(
        32_768,
        Duration.ofSeconds(15),
        Duration.ofHours(1),
        Duration.ofHours(2),
        10_000,
        10_000,
        500,
        1_048_576,
        32,
        500,
        LAGGING_BYTES,
        Duration.ofSeconds(30),
        1_048_576,
        MAX_RESUMED_BYTES);
  }

  /** The token is the name. */
  private Authenticator authenticator() {
    return credential -> {
      String user = ((Credential.Bearer) credential).token().value();
      Instant never = Instant.ofEpochMilli(time.millis() + Duration.ofDays(1).toMillis());
      return Future.succeededFuture(
          new Principal(user, user, Set.of(), false, never, "s", Instant.EPOCH));
    };
  }

  private static UserPlaces places() {
    return new UserPlaces() {
      private final Map<String, Integer> taken = new HashMap<>();

      @Override
      public Future<Admission.Verdict> admitUser(String user) {
        taken.merge(user, 1, Integer::sum);
        return Future.succeededFuture(new Admission.Welcome());
      }

      @Override
      public void releaseUser(String user) {
        taken.merge(user, -1, Integer::sum);
      }
    };
  }

  /** Whether clients are let in. */
  boolean isOpen() {
    return process.runs() && doors.size() == CONNECTION_LOOPS;
  }

  /** A client's link arrives; what the client says goes to its connection. */
  void accept(Link link) {
    Door door = time.oneOf(doors);
    door.loop.run(() -> link.accepted(
        process,
        door.loop,
        new Connection(
            door.around.connections().nextId(), link.sink(), Optional.empty(), door.around)));
  }

  /** How many holes were filled from there in this life. */
  double holesFilled(String from) {
    return metrics.counter(MeterNames.HOLES, MeterNames.OUTCOME, from).count();
  }

  @Override
  public String toString() {
    return process.name();
  }
}
