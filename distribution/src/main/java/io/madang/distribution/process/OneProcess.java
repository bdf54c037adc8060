package io.madang.distribution.process;

import io.madang.distribution.console.Console;
import io.madang.distribution.console.StopSignals;
import io.madang.gateway.GatewayRole;
import io.madang.runtime.config.Settings;
import io.madang.runtime.launch.MeshProcess;
import io.madang.runtime.launch.NodeConfig;
import io.madang.runtime.launch.OwnAddress;
import io.madang.runtime.launch.Role;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process from its start to its end: settings, ports, stores, roles; then it waits to be asked to stop, and goes back in the
 * opposite order: not ready, roles, node, Vert.x, stores. Runs on the main thread; only {@link #cutShort} runs on another.
 */
public final class OneProcess {
  private static final Logger LOG = LoggerFactory.getLogger(OneProcess.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(25);

  /** Whoever waits for a store gives up first, and says for which. */
  private static final Duration BEYOND_ITS_OWN_LIMIT = Duration.ofSeconds(5);

  private final List<RoleKind> kinds;
  private final boolean whole;

  /** Whether somebody else starts and stops this process, and looked at the stores before. */
  private final boolean supervised;

  private final Map<String, String> environment;
  private final Console console;
  private final StopSignals signals;

  /** What was started, for who cannot wait; null until then. Written by the main thread, read by a signal's. */
  private volatile OwnStores stores;

  private OneProcess(
      List<RoleKind> kinds,
      boolean whole,
      boolean supervised,
      Map<String, String> environment,
      Console console,
      StopSignals signals) {
    this.kinds = kinds;
    this.whole = whole;
    this.supervised = supervised;
    this.environment = environment;
    this.console = console;
    this.signals = signals;
  }

  /** The whole mesh in this process, with stores of its own where none are set, and joined to no other process. */
  public static OneProcess whole(
      Map<String, String> environment, Console console, StopSignals signals) {
    return new OneProcess(
        List.of(RoleKind.values()), true, false, withGuests(environment), console, signals);
  }

  /**
   * One role, joined to others.
   *
   * @param supervised whether somebody else starts and stops this process
   */
  public static OneProcess of(
      RoleKind kind,
      boolean supervised,
      Map<String, String> environment,
      Console console,
      StopSignals signals) {
    return new OneProcess(List.of(kind), false, supervised, environment, console, signals);
  }

  /** On one machine anybody may look in by a name alone, unless it is set otherwise. */
  public static Map<String, String> withGuests(Map<String, String> environment) {
    Map<String, String> copy = new HashMap<>(environment);
    copy.putIfAbsent("MADANG_AUTH_GUESTS", "true");
    return copy;
  }

  /**
   * Reads the settings of these roles without starting anything.
   *
   * @param further reads more, and notes its own problems
   * @throws io.madang.runtime.config.ConfigException with every problem
   */
  public static Settings check(
      List<RoleKind> kinds, Map<String, String> environment, Consumer<Settings> further) {
    Settings settings = new Settings(environment);
    LaunchConfig.from(settings);
    GivenStores.check(settings);
    further.accept(settings);
    NodeConfig.from(settings);
    kinds.forEach(kind -> kind.read(settings));
    settings.finish(ProductSettings.all());
    return settings;
  }

  /**
   * Runs until asked to stop.
   *
   * @throws io.madang.runtime.config.ConfigException with every problem of the settings, before anything is started
   */
  public ExitCode run() throws InterruptedException {
    Settings checked =
        check(kinds, whole ? OwnStores.withPlaceholders(environment) : environment, settings -> {});
    logSettings(checked);
    LaunchConfig launch = LaunchConfig.from(checked);
    signals.onFurther(this::cutShort);
    try {
      requireFreePorts(checked);
      Map<String, String> complete = new HashMap<>(environment);
      if (whole) {
        stores = OwnStores.start(launch.dataDirectory(), environment);
        complete.putAll(stores.addresses());
      }
      return serve(launch, new Settings(environment), new Settings(complete));
    } catch (RuntimeException e) {
      if (signals.isAsked()) {
        // Whatever broke, it broke because somebody asked to stop in the middle of it.
        LOG.debug("The start was given up", e);
        return stopped(launch);
      }
      console.complain(StartProblem.sentence(e));
      return ExitCode.FAILED;
    } finally {
      closeStores();
    }
  }

  /** All of them for an operator; who runs everything on one machine reads what differs from {@code madang settings}. */
  private void logSettings(Settings settings) {
    Map<String, String> effective = settings.effective();
    if (whole) {
      LOG.info(
          "Settings that are set: {}; all others have their defaults",
          setIn(effective, environment));
      LOG.debug("Settings: {}", effective);
    } else if (!supervised) {
      LOG.info("Settings: {}", effective);
    } else {
      LOG.debug("Settings: {}", effective);
    }
  }

  /** The part of the effective settings that somebody set. */
  public static Map<String, String> setIn(
      Map<String, String> effective, Map<String, String> environment) {
    Map<String, String> set = new TreeMap<>(effective);
    set.keySet().removeIf(key -> environment.getOrDefault(key, "").isBlank());
    return set;
  }

  private void requireFreePorts(Settings settings) {
    NodeConfig node = NodeConfig.from(settings);
    FreePort.require(
        node.healthHost(), node.healthPort(), "MADANG_HEALTH_HOST", "MADANG_HEALTH_PORT");
    if (!whole) {
      String own = OwnAddress.of(node.clusterHost());
      FreePort.require(own, node.clusterPort(), "MADANG_CLUSTER_HOST", "MADANG_CLUSTER_PORT");
      FreePort.require(own, node.busPort(), "MADANG_CLUSTER_HOST", "MADANG_BUS_PORT");
    }
    if (kinds.contains(RoleKind.GATEWAY)) {
      HttpAddress.from(settings).requireFree();
    }
  }

  /**
   * @param given as they were set
   * @param complete with the addresses of our own stores
   */
  private ExitCode serve(LaunchConfig launch, Settings given, Settings complete)
      throws InterruptedException {
    List<Role> roles = kinds.stream().map(kind -> kind.read(complete).get()).toList();
    MeshProcess process = new MeshProcess(NodeConfig.from(complete), roles, !whole);
    Thread starter = Thread.currentThread();
    signals.onFirst(starter::interrupt);
    try {
      if (!supervised) {
        GivenStores.await(kinds, given, launch.startWithin());
      }
      process.start(launch.startWithin().plus(BEYOND_ITS_OWN_LIMIT));
      awaitReady(process, launch.startWithin());
    } finally {
      signals.onFirst(() -> {});
      if (signals.isAsked()) {
        // It was for the start alone; the stop below waits for what it stops.
        Thread.interrupted();
      }
    }
    HealthDoors doors = new HealthDoors(launch.dataDirectory());
    if (!signals.isAsked()) {
      if (whole) {
        String host = NodeConfig.from(complete).healthHost();
        doors.remember(
            List.of(new HealthDoors.Door(name(), atLocally(host, process.healthPort()))));
      }
      tell(launch, process, roles, complete);
      signals.await();
    }
    if (whole) {
      doors.forget();
    }
    console.say("Stopping " + name() + "; Ctrl-C again to stop at once.");
    process.stop();
    closeStores();
    return stopped(launch);
  }

  /** Where somebody on this machine finds what listens on that interface. */
  private static String atLocally(String host, int port) {
    boolean everywhere = host.equals("0.0.0.0") || host.equals("::");
    String name = everywhere ? "127.0.0.1" : host;
    return (name.contains(":") ? "[" + name + "]" : name) + ":" + port;
  }

  private void awaitReady(MeshProcess process, Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (!process.health().isReady() && !signals.isAsked()) {
      if (System.nanoTime() > end) {
        Map<String, String> problems = process.health().problems();
        process.stop();
        throw new CannotStartException(
            "%s is not ready within %d s (%s); see its log, or give it more time by MADANG_START_MS."
                .formatted(name(), limit.toSeconds(), problems),
            null);
      }
      signals.await(BETWEEN_LOOKS);
    }
  }

  private void tell(LaunchConfig launch, MeshProcess process, List<Role> roles, Settings settings) {
    long sinceStartMs =
        System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
    String ready = "%s is ready after %.1f s.".formatted(name(), sinceStartMs / 1_000.0);
    Optional<GatewayRole> gateway = roles.stream()
        .filter(GatewayRole.class::isInstance)
        .map(GatewayRole.class::cast)
        .findFirst();
    if (gateway.isPresent()) {
      HttpAddress page = HttpAddress.from(settings).withPort(gateway.get().port());
      console.say(ready + " Open " + page.page());
    } else {
      console.say("%s Health: http://%s:%d/health/ready"
          .formatted(ready, NodeConfig.from(settings).healthHost(), process.healthPort()));
    }
    if (whole && OwnStores.areNeeded(environment)) {
      console.say("Its data is kept in " + launch.dataDirectory() + ".");
    }
    console.say("Stop it with Ctrl-C.");
  }

  private ExitCode stopped(LaunchConfig launch) {
    boolean keeps = whole && OwnStores.areNeeded(environment);
    console.say(keeps ? "Stopped; everything is in " + launch.dataDirectory() + "." : "Stopped.");
    return ExitCode.ORDERLY;
  }

  private void closeStores() {
    OwnStores mine = stores;
    if (mine != null) {
      mine.close();
    }
  }

  /** Called on a signal's thread when an orderly stop is not waited for. */
  private void cutShort() {
    console.complain(
        "Stopping at once: requests under way are cut, nothing that was acknowledged is lost.");
    closeStores();
    Runtime.getRuntime().halt(ExitCode.CUT_SHORT.number());
  }

  private String name() {
    return whole ? "Madang" : kinds.get(0).word();
  }
}
