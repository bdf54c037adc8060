package io.madang.gateway.simulation;

import io.madang.gateway.simulation.SimBus.Weather;
import io.madang.runtime.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One run of a mesh: some seconds of clients doing what they like while processes, bus and store fail, some seconds in which only
 * the bus does, and some in which nothing happens, after which every client must have what the log has. All of it follows from
 * the seed.
 */
final class Simulation {
  private static final int ROOMS = 4;
  private static final int USERS = 7;
  private static final int CLIENTS = 10;
  private static final Duration WARM_UP = Duration.ofSeconds(3);
  private static final Duration STORM = Duration.ofSeconds(25);
  private static final Duration DRIZZLE = Duration.ofSeconds(6);

  /** What is lost last is sent again, and what nothing tells of is compared, within this time. */
  private static final Duration CALM = Duration.ofSeconds(14);

  private static final Weather USUAL = new Weather(0.004, 0.01, 0.01);
  private static final Weather DRIZZLING = new Weather(0.04, 0.02, 0.02);
  private static final Weather ROUGH = new Weather(0.25, 0.1, 0.2);

  /** One of the nodes, in whichever life. */
  private static final class Slot {
    final String name;
    final boolean isGateway;
    int life;
    Optional<Node> node = Optional.empty();

    Slot(String name, boolean isGateway) {
      this.name = name;
      this.isGateway = isGateway;
    }
  }

  private final VirtualTime time;
  private final Trace trace;
  private final Findings findings;
  private final SimBus bus;
  private final SimCluster cluster;
  private final Store store;
  private final List<Slot> gateways = new ArrayList<>();
  private final List<Slot> services = new ArrayList<>();
  private final List<Client> clients = new ArrayList<>();

  /** Every life of every gateway so far. */
  private final List<Node> gatewayLives = new ArrayList<>();

  /** Whether clients do something. */
  private boolean busy;

  /** Whether processes fail. */
  private boolean failing;

  Simulation(long seed) {
    Findings[] later = new Findings[1];
    this.time = new VirtualTime(seed, bug -> later[0].wrong("a bug: " + told(bug)));
    this.trace = new Trace(time::nanos);
    this.findings = new Findings(trace);
    later[0] = findings;
    this.bus = new SimBus(time, trace);
    this.cluster = new SimCluster(time);
    this.store = new Store(time, trace);
    int gatewayCount = 2 + time.roll(2);
    int serviceCount = 2 + time.roll(2);
    for (int i = 1; i <= gatewayCount; i++) {
      gateways.add(new Slot("gateway-" + i, true));
    }
    for (int i = 1; i <= serviceCount; i++) {
      services.add(new Slot("rooms-" + i, false));
    }
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(
          new Client("c" + i, "u" + i % USERS, time, trace, findings, store, this::openGateway));
    }
  }

  private static String told(Throwable bug) {
    StackTraceElement[] stack = bug.getStackTrace();
    return bug + (stack.length > 0 ? " at " + stack[0] : "");
  }

  Findings findings() {
    return findings;
  }

  /** Something of the product says that it is wrong, on its log. */
  void complained(String what) {
    findings.wrong("logged as an error: " + what);
  }

  /** How many holes gateways filled from there. */
  double holesFilled(String from) {
    return gatewayLives.stream().mapToDouble(node -> node.holesFilled(from)).sum();
  }

  /** Equal for two runs that went the same way. */
  long sum() {
    return trace.sum();
  }

  void run() {
    slots().forEach(this::start);
    for (int i = 0; i < ROOMS; i++) {
      Topic room = room(i);
      String owner = "u" + i % USERS;
      boolean open = i % 2 == 0;
      String made = "init-" + i;
      store.once(made, () -> store.create(made, room, owner, open));
      for (int user = 0; user < USERS; user++) {
        String id = "init-" + i + "-" + user;
        String name = "u" + user;
        store.once(id, () -> store.enter(id, room, name));
      }
    }
    runFor(WARM_UP);
    clients.forEach(client -> time.afterMillis(time.roll(1_000), client::connect));
    clients.forEach(client -> topics().forEach(topic -> {
      if (time.chance(0.6)) {
        time.afterMillis(time.roll(2_000), () -> client.subscribe(topic));
      }
    }));
    busy = true;
    failing = true;
    bus.weather(USUAL);
    act();
    fail();
    runFor(STORM);
    failing = false;
    note("the storm is over");
    heal();
    bus.weather(DRIZZLING);
    runFor(DRIZZLE);
    busy = false;
    note("nothing happens any more");
    runFor(Duration.ofMillis(600));
    bus.weather(Weather.FINE);
    runFor(CALM);
    if (findings.first().isEmpty()) {
      clients.forEach(Client::settled);
    }
  }

  private void runFor(Duration duration) {
    BooleanSupplier ended = () -> findings.first().isPresent();
    time.runFor(duration, ended);
  }

  private void note(String what) {
    trace.note(() -> Trace.CHAPTER + what);
  }

  private static Topic room(int number) {
    return new Topic(Store.ROOM, "r" + number);
  }

  private static List<Topic> topics() {
    List<Topic> topics = new ArrayList<>();
    for (int i = 0; i < ROOMS; i++) {
      topics.add(room(i));
      topics.add(new Topic(Store.BOARD, "r" + i));
    }
    return topics;
  }

  private List<Slot> slots() {
    List<Slot> all = new ArrayList<>(gateways);
    all.addAll(services);
    return all;
  }

  private void start(Slot slot) {
    int life = ++slot.life;
    note("starts " + slot.name + " in life " + life);
    slot.node = Optional.of(
        slot.isGateway
            ? Node.gateway(slot.name, life, time, bus, cluster)
            : Node.service(slot.name, life, time, bus, cluster, store));
    if (slot.isGateway) {
      gatewayLives.add(slot.node.get());
    }
  }

  /** Where a client gets in; a frozen gateway takes connections too. */
  private Optional<Node> openGateway() {
    List<Node> open = gateways.stream()
        .flatMap(slot -> slot.node.stream())
        .filter(Node::isOpen)
        .toList();
    return open.isEmpty() ? Optional.empty() : Optional.of(time.oneOf(open));
  }

  // What clients do.

  private void act() {
    if (!busy) {
      return;
    }
    Client client = time.oneOf(clients);
    String room = "r" + time.roll(ROOMS);
    String other = "u" + time.roll(USERS);
    int what = time.roll(1_000);
    if (what < 420) {
      rooms(client, "say", room, ",\"text\":\"$id\"");
    } else if (what < 620) {
      client.give(
          RoomService.BOARDS,
          "set",
          "{\"board\":\"%s\",\"key\":\"k%d\",\"value\":\"$id\"}".formatted(room, time.roll(5)));
    } else if (what < 740) {
      client.subscribe(time.oneOf(topics()));
    } else if (what < 790) {
      client.unsubscribe(time.oneOf(topics()));
    } else if (what < 880) {
      rooms(client, "enter", room, "");
    } else if (what < 900) {
      rooms(client, "leave", room, "");
    } else if (what < 925) {
      rooms(client, "kick", room, ",\"user\":\"" + other + "\"");
    } else if (what < 940) {
      rooms(client, "ban", room, ",\"user\":\"" + other + "\"");
    } else if (what < 965) {
      rooms(client, "unban", room, ",\"user\":\"" + other + "\"");
    } else if (what < 968) {
      if (failing) {
        rooms(client, "destroy", room, "");
      }
    } else if (what < 980) {
      rooms(client, "create", room, ",\"open\":" + time.chance(0.5));
    } else if (what < 990) {
      client.lag(50 + time.roll(3_000));
    } else {
      client.disconnect();
    }
    time.after(time.micros(200, 30_000), this::act);
  }

  private static void rooms(Client client, String command, String room, String more) {
    client.give(RoomService.ROOMS, command, "{\"room\":\"" + room + "\"" + more + "}");
  }

  // What fails.

  private void fail() {
    if (!failing) {
      return;
    }
    int what = time.roll(100);
    if (what < 14) {
      killAndStart(time.oneOf(gateways));
    } else if (what < 30) {
      killAndStart(time.oneOf(services));
    } else if (what < 42) {
      freeze(time.oneOf(gateways));
    } else if (what < 54) {
      freeze(time.oneOf(services));
    } else if (what < 68) {
      cut();
    } else if (what < 82) {
      note("the bus is rough");
      bus.weather(ROUGH);
      time.afterMillis(200 + time.roll(2_500), () -> bus.weather(USUAL));
    } else if (what < 88) {
      note("the store is away");
      store.away(true);
      time.afterMillis(50 + time.roll(2_000), () -> {
        note("the store is back");
        store.away(false);
      });
    } else if (what < 93) {
      note("the store is slow");
      store.slow(true);
      time.afterMillis(300 + time.roll(3_000), () -> store.slow(false));
    } else if (what < 96) {
      note("boards are flushed");
      store.flushBoards();
    } else {
      Topic room = room(time.roll(ROOMS));
      note("the store forgets of " + room);
      store.forget(room);
    }
    time.afterMillis(100 + time.roll(2_000), this::fail);
  }

  private void killAndStart(Slot slot) {
    if (slot.node.isEmpty()) {
      return;
    }
    kill(slot);
    time.afterMillis(20 + time.roll(4_000), () -> startIfDown(slot));
  }

  private void kill(Slot slot) {
    Node node = slot.node.orElseThrow();
    note("kills " + node);
    node.process.kill();
    slot.node = Optional.empty();
    clients.stream().filter(client -> client.isAt(node)).forEach(Client::gatewayDied);
    time.afterMillis(20 + time.roll(6_000), () -> cluster.gone(node.process));
  }

  private void startIfDown(Slot slot) {
    if (slot.node.isEmpty()) {
      start(slot);
    }
  }

  private void freeze(Slot slot) {
    if (slot.node.isEmpty() || slot.node.get().process.isFrozen()) {
      return;
    }
    Node node = slot.node.get();
    int millis = time.chance(0.5) ? 100 + time.roll(1_800) : 2_000 + time.roll(5_000);
    note("stops " + node + " for " + millis + " ms");
    node.process.freeze();
    time.afterMillis(millis, () -> thaw(node));
  }

  private void thaw(Node node) {
    if (node.process.isFrozen()) {
      note(node + " goes on");
      node.process.thaw();
    }
  }

  private void cut() {
    List<Slot> up = slots().stream().filter(slot -> slot.node.isPresent()).toList();
    Slot one = time.oneOf(up);
    Slot other = time.oneOf(up);
    if (one == other) {
      return;
    }
    SimProcess here = one.node.orElseThrow().process;
    SimProcess there = other.node.orElseThrow().process;
    int millis = 100 + time.roll(6_000);
    boolean parted = millis > 2_500 && time.chance(0.5);
    note("cuts " + here.name() + " from " + there.name() + " for " + millis + " ms"
        + (parted ? ", and the cluster notices" : ""));
    bus.cut(here, there);
    if (parted) {
      time.afterMillis(2_200, () -> cluster.parted(here, there));
    }
    time.afterMillis(millis, () -> {
      note(here.name() + " and " + there.name() + " hear each other again");
      bus.mend(here, there);
      if (parted) {
        cluster.joined(here, there);
      }
    });
  }

  /** Everything is there again, and so is every room. */
  private void heal() {
    slots().forEach(slot -> {
      slot.node.ifPresent(this::thaw);
      startIfDown(slot);
    });
    store.away(false);
    store.slow(false);
    for (int i = 0; i < ROOMS; i++) {
      String id = "again-" + i;
      Topic room = room(i);
      if (store.life(room).isEmpty()) {
        store.once(id, () -> store.create(id, room, "u0", true));
      }
    }
  }
}
