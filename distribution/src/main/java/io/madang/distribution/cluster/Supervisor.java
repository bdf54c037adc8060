package io.madang.distribution.cluster;

import io.madang.distribution.console.Console;
import io.madang.distribution.console.StopSignals;
import io.madang.distribution.process.CannotStartException;
import io.madang.distribution.process.ExitCode;
import io.madang.distribution.process.GivenStores;
import io.madang.distribution.process.HttpAddress;
import io.madang.distribution.process.LaunchConfig;
import io.madang.distribution.process.OneProcess;
import io.madang.distribution.process.OwnStores;
import io.madang.distribution.process.RoleKind;
import io.madang.distribution.process.StartProblem;
import io.madang.runtime.config.Settings;
import io.madang.runtime.launch.NodeConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the mesh as processes of one machine: starts the stores, then the processes, starts again what ends by itself, and stops
 * everything in order: gateways, services, stores.
 *
 * <p>Ctrl-C reaches the whole foreground group, but the processes leave it to us (they are started with {@link #SUPERVISED});
 * the stores are in groups of their own. All state belongs to the main thread, which takes {@link Event}s one at a time.
 */
public final class Supervisor {
  /** Behind the role of a process that is started here. */
  public static final String SUPERVISED = "--supervised";

  private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(150);
  private static final Duration LEFTOVERS_PATIENCE = Duration.ofSeconds(15);

  /** A process that was told to stop and bounds that itself gets this much longer before it is killed. */
  private static final Duration BEYOND_ITS_OWN_LIMIT = Duration.ofSeconds(5);

  private static final int CONNECT_LIMIT_MS = 200;

  /** What may happen. */
  private sealed interface Event {
    /** A life ended. */
    record Ended(Child child, int exit) implements Event {}

    /** Somebody wants an orderly stop. */
    record Asked() implements Event {}

    /** Somebody does not want to wait for it. */
    record AskedAgain() implements Event {}
  }

  private final Map<String, String> environment;
  private final Console console;

  /** At most some events per process and signal. */
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

  private final List<Child> children = new ArrayList<>();

  /** When each process that ended by itself is started again, by {@link System#nanoTime}. */
  private final Map<Child, Long> due = new HashMap<>();

  /** Processes that were started again and are not ready yet. */
  private final List<Child> comingBack = new ArrayList<>();

  /** Whether somebody does not want to wait. */
  private boolean hurried;

  public Supervisor(Map<String, String> environment, Console console, StopSignals signals) {
    this.environment = OneProcess.withGuests(environment);
    this.console = console;
    signals.onFirst(() -> events.add(new Event.Asked()));
    signals.onFurther(() -> events.add(new Event.AskedAgain()));
  }

  /**
   * Runs until asked to stop.
   *
   * @throws io.madang.runtime.config.ConfigException with every problem of the settings, before anything is started
   */
  public ExitCode run() throws InterruptedException {
    Settings settings = OneProcess.check(
        List.of(RoleKind.values()), OwnStores.withPlaceholders(environment), this::checkOwn);
    LOG.info(
        "Settings that are set: {}; all others have their defaults",
        OneProcess.setIn(settings.effective(), environment));
    LaunchConfig launch = LaunchConfig.from(settings);
    Duration stopLimit = NodeConfig.from(settings).stopWithin().plus(BEYOND_ITS_OWN_LIMIT);
    Leftovers leftovers = new Leftovers(launch.dataDirectory());
    OwnStores stores = null;
    ExitCode code;
    try {
      leftovers.end(LEFTOVERS_PATIENCE);
      List<HttpAddress> pages = pages(HttpAddress.from(settings));
      pages.forEach(HttpAddress::requireFree);
      GivenStores.await(
          List.of(RoleKind.values()), new Settings(environment), launch.startWithin());
      stores = OwnStores.start(launch.dataDirectory(), environment);
      plan(pages, stores);
      start(launch, leftovers);
      code = events.isEmpty() ? watch(launch, leftovers) : ExitCode.ORDERLY;
    } catch (StopAskedException e) {
      code = ExitCode.ORDERLY;
    } catch (RuntimeException e) {
      console.complain(StartProblem.sentence(e));
      code = ExitCode.FAILED;
    }
    try {
      stop(stopLimit);
    } finally {
      if (stores != null) {
        stores.close();
      }
    }
    if (code == ExitCode.ORDERLY) {
      boolean keeps = OwnStores.areNeeded(environment);
      console.say(keeps ? "Stopped; everything is in " + launch.dataDirectory() + "." : "Stopped.");
    }
    return hurried ? ExitCode.CUT_SHORT : code;
  }

  private void checkOwn(Settings settings) {
    for (String key : ClusterPlan.DECIDED_HERE) {
      if (!environment.getOrDefault(key, "").isBlank()) {
        settings.problem(key + " is chosen for each process by the cluster command; leave it out.");
      }
    }
    int first = HttpAddress.from(settings).port();
    if (first > 65_535 - ClusterPlan.gateways() + 1) {
      settings.problem("MADANG_HTTP_PORT must leave room for one more port above it.");
    }
  }

  /** The set port and the next ones; any free ones when it is 0. */
  private static List<HttpAddress> pages(HttpAddress first) {
    if (first.port() == 0) {
      return MemberPorts.take(ClusterPlan.gateways()).stream()
          .map(first::withPort)
          .toList();
    }
    return Stream.iterate(first.port(), port -> port + 1)
        .limit(ClusterPlan.gateways())
        .map(first::withPort)
        .toList();
  }

  private void plan(List<HttpAddress> pages, OwnStores stores) {
    Map<String, String> shared = new TreeMap<>(stores.addresses());
    shared.put("MADANG_AUTH_GUESTS", environment.get("MADANG_AUTH_GUESTS"));
    String given = environment.getOrDefault("MADANG_CLUSTER_NAME", "").strip();
    shared.put("MADANG_CLUSTER_NAME", given.isEmpty() ? "madang-" + UUID.randomUUID() : given);
    List<ChildPlan> plans =
        ClusterPlan.of(shared, pages, MemberPorts.take(ClusterPlan.portsNeeded()));
    int width = plans.stream().mapToInt(plan -> plan.name().length()).max().orElse(0);
    String launcher = launcher();
    boolean json = "json".equals(environment.get("MADANG_LOG_FORMAT"));
    for (ChildPlan plan : plans) {
      // A JSON line names its node inside; a prefix would only make it no JSON any more.
      String prefix = json ? "" : plan.name() + " ".repeat(width - plan.name().length()) + " | ";
      List<String> command = List.of(launcher, plan.kind().word(), SUPERVISED);
      children.add(new Child(plan, command, console, prefix));
    }
  }

  /** The script that started us starts the processes as well: the JVM's options stand there alone. */
  private static String launcher() {
    String home = System.getProperty("madang.home", "");
    Path script = Path.of(home, "bin", "madang");
    if (home.isEmpty() || !Files.isExecutable(script)) {
      throw new CannotStartException(
          "The cluster command starts its processes by bin/madang of the distribution and does not find it; start it by ./madang cluster.",
          null);
    }
    return script.toString();
  }

  private void start(LaunchConfig launch, Leftovers leftovers) throws InterruptedException {
    console.say("Starting " + children.size() + " processes…");
    long end = System.nanoTime() + launch.startWithin().toNanos();
    // The first one makes the cluster and the others find it: if all came at once, two could make
    // one each.
    Child first = children.get(0);
    begin(first);
    while (!accepts(first.plan().memberPort())) {
      waitWhileStarting(launch, end);
    }
    children.stream().skip(1).forEach(this::begin);
    leftovers.remember(children.stream().map(Child::handle).collect(Collectors.toList()));
    while (children.stream().filter(child -> !child.looksReady()).count() > 0) {
      waitWhileStarting(launch, end);
    }
    tell(launch);
  }

  private void begin(Child child) {
    child.start(exit -> events.add(new Event.Ended(child, exit)));
    LOG.info("{} runs as process {}", child.name(), child.pid());
  }

  private static boolean accepts(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_LIMIT_MS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Until all were ready once, any end is a failed start, and starting it again would only hide why. */
  private void waitWhileStarting(LaunchConfig launch, long end) throws InterruptedException {
    Event event = events.poll(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    if (event instanceof Event.Ended ended) {
      throw new CannotStartException(
          "%s %s before the cluster was ready; its lines above say why."
              .formatted(ended.child().name(), Child.howItEnded(ended.exit())),
          null);
    }
    if (event != null) {
      hurried = event instanceof Event.AskedAgain;
      throw new StopAskedException();
    }
    if (System.nanoTime() > end) {
      String late = children.stream()
          .filter(child -> !child.isReady())
          .map(Child::name)
          .collect(Collectors.joining(", "));
      throw new CannotStartException(
          "The cluster is not ready within %d s, as %s is not; see the lines above, or give it more time by MADANG_START_MS."
              .formatted(launch.startWithin().toSeconds(), late),
          null);
    }
  }

  private void tell(LaunchConfig launch) {
    long sinceStartMs =
        System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
    console.say(
        "Madang is ready after %s as %d processes. Open either page, both show the same rooms:"
            .formatted(
                String.format(Locale.ROOT, "%.1f s", sinceStartMs / 1_000.0), children.size()));
    for (Child child : children) {
      child
          .plan()
          .page()
          .ifPresent(page -> console.say("  %s  (%s)".formatted(page.page(), child.name())));
    }
    console.say(children.stream()
        .map(child -> child.name() + " " + child.pid())
        .collect(Collectors.joining(", ", "Process numbers: ", ".")));
    ChildPlan first = children.get(0).plan();
    console.say(
        "A service of yours joins it by MADANG_CLUSTER_NAME=%s MADANG_CLUSTER_MEMBERS=127.0.0.1:%d"
            .formatted(first.settings().get("MADANG_CLUSTER_NAME"), first.memberPort()));
    if (OwnStores.areNeeded(environment)) {
      console.say("Its data is kept in " + launch.dataDirectory() + ".");
    }
    console.say("Stop it with Ctrl-C.");
  }

  /** Until asked to stop, or until nothing is left to watch. */
  private ExitCode watch(LaunchConfig launch, Leftovers leftovers) throws InterruptedException {
    while (true) {
      Event event = events.poll(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
      if (event instanceof Event.Ended ended) {
        onEnded(ended, launch);
        if (children.stream().noneMatch(Child::isAlive) && due.isEmpty()) {
          console.complain("No process is left; start the cluster again.");
          return ExitCode.FAILED;
        }
      } else if (event != null) {
        hurried = event instanceof Event.AskedAgain;
        return ExitCode.ORDERLY;
      }
      startAgainWhoIsDue(leftovers);
      comingBack.removeIf(this::isBack);
    }
  }

  private void onEnded(Event.Ended ended, LaunchConfig launch) {
    Child child = ended.child();
    comingBack.remove(child);
    String how = child.name() + " " + Child.howItEnded(ended.exit());
    if (!launch.restartsChildren()) {
      console.complain(how + " and stays down, as MADANG_CLUSTER_RESTART is off.");
      return;
    }
    Duration pause = child.pauseBeforeNextLife();
    due.put(child, System.nanoTime() + pause.toNanos());
    console.complain(
        "%s; it is started again in %.1f s.".formatted(how, pause.toMillis() / 1_000.0));
  }

  private void startAgainWhoIsDue(Leftovers leftovers) {
    List<Child> now = due.keySet().stream()
        .filter(child -> due.get(child) <= System.nanoTime())
        .toList();
    for (Child child : now) {
      due.remove(child);
      begin(child);
      comingBack.add(child);
    }
    if (!now.isEmpty()) {
      leftovers.remember(
          children.stream().filter(Child::isAlive).map(Child::handle).collect(Collectors.toList()));
    }
  }

  private boolean isBack(Child child) {
    if (!child.looksReady()) {
      return false;
    }
    console.say("%s serves again as process %d.".formatted(child.name(), child.pid()));
    return true;
  }

  /** Gateways first, as long as the services can still answer for them. */
  private void stop(Duration limit) throws InterruptedException {
    if (children.stream().noneMatch(Child::isAlive)) {
      return;
    }
    if (!hurried) {
      console.say("Stopping; Ctrl-C again to stop at once.");
    }
    stop(children.stream().filter(child -> child.plan().page().isPresent()).toList(), limit);
    stop(children.stream().filter(child -> child.plan().page().isEmpty()).toList(), limit);
  }

  private void stop(List<Child> group, Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    if (!hurried) {
      group.stream().filter(Child::isAlive).forEach(Child::askToStop);
    }
    boolean killed = false;
    while (group.stream().anyMatch(Child::isAlive)) {
      if (!killed && (hurried || System.nanoTime() > end)) {
        killed = true;
        group.stream().filter(Child::isAlive).forEach(this::kill);
      }
      Event event = events.poll(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
      if (event instanceof Event.AskedAgain && !hurried) {
        hurried = true;
        console.complain(
            "Stopping at once: requests under way are cut, nothing that was acknowledged is lost.");
      }
    }
  }

  private void kill(Child child) {
    if (!hurried) {
      console.complain(child.name() + " does not stop in time and is killed.");
    }
    child.kill();
  }

  /** Somebody wants to stop in the middle of the start. */
  private static final class StopAskedException extends RuntimeException {
    StopAskedException() {
      super("asked to stop while starting", null, false, false);
    }
  }
}
