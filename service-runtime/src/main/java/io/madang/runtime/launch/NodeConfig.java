package io.madang.runtime.launch;

import io.madang.runtime.config.Secret;
import io.madang.runtime.config.Setting;
import io.madang.runtime.config.Settings;
import io.madang.runtime.host.BatchLimits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What an operator can change about a process as a node of the mesh, whatever its role.
 *
 * @param name what the node is called; {@code MADANG_NODE_NAME}, default the role and the host name
 * @param healthHost interface of the health pages; {@code MADANG_HEALTH_HOST}, default 127.0.0.1
 * @param healthPort port of the health pages; {@code MADANG_HEALTH_PORT}, default 0: any free one
 * @param clusterName nodes of another name are not joined; {@code MADANG_CLUSTER_NAME}, default madang
 * @param clusterHost interface of the member and bus ports, and where other nodes reach them: an address, or a name of which the
 *     address that is this machine's counts; {@code MADANG_CLUSTER_HOST}, default 127.0.0.1
 * @param clusterPort member port; {@code MADANG_CLUSTER_PORT}, default 0: any free one
 * @param busPort port of the event bus; {@code MADANG_BUS_PORT}, default 0: any free one
 * @param clusterPublicPort where other nodes find the member port when it is mapped; {@code MADANG_CLUSTER_PUBLIC_PORT}, default
 *     0: the same
 * @param busPublicPort where other nodes find the bus port when it is mapped; {@code MADANG_BUS_PUBLIC_PORT}, default 0: the same
 * @param clusterMembers where other members may be, {@code host:port} separated by commas; {@code MADANG_CLUSTER_MEMBERS}
 * @param clusterDns name that resolves to the members, as a headless service gives it; {@code MADANG_CLUSTER_DNS}
 * @param clusterSecret by which nodes know each other: every message on the bus carries a MAC made with it; {@code
 *     MADANG_CLUSTER_SECRET}, default empty: none, which only a bus on loopback may do without
 * @param adminSecret lets those look into the mesh who are not on the machine of the process; {@code MADANG_ADMIN_SECRET}, default
 *     empty: nobody
 * @param stopWithin how long an orderly stop may take, milliseconds; {@code MADANG_STOP_MS}, default 30000
 * @param settling how long a started process takes what it does not know for not heard of yet: what a client asks of it is
 *     {@code unavailable} then, to be tried again; {@code MADANG_SETTLE_MS}, default 30000
 * @param faults whether a test may break the process; {@code MADANG_FAULTS}, default false, on loopback only
 * @param batches what hosted services may have on its way to each gateway
 */
public record NodeConfig(
    String name,
    String healthHost,
    int healthPort,
    String clusterName,
    String clusterHost,
    int clusterPort,
    int busPort,
    int clusterPublicPort,
    int busPublicPort,
    List<String> clusterMembers,
    Optional<String> clusterDns,
    Secret clusterSecret,
    Secret adminSecret,
    Duration stopWithin,
    Duration settling,
    boolean faults,
    BatchLimits batches) {

  private static final int MIN_SECRET = 16;

  private static final Setting<String> NAME = Setting.text(
      "MADANG_NODE_NAME", "", "What the node is called in logs, metrics and the list of nodes");
  private static final Setting<String> HEALTH_HOST = Setting.text(
      "MADANG_HEALTH_HOST",
      "127.0.0.1",
      "Interface that serves /health/live, /health/ready, /metrics and /admin/mesh");
  private static final Setting<Integer> HEALTH_PORT = Setting.whole(
      "MADANG_HEALTH_PORT", 0, 0, 65_535, "port, 0 for any free one", "Port of the health pages");
  private static final Setting<String> CLUSTER_NAME = Setting.text(
      "MADANG_CLUSTER_NAME", "madang", "Nodes with another cluster name are not joined");
  private static final Setting<String> CLUSTER_HOST = Setting.text(
      "MADANG_CLUSTER_HOST",
      "127.0.0.1",
      "Address at which other nodes reach the member and bus ports, or a name that has it among its own");
  private static final Setting<Integer> CLUSTER_PORT = Setting.whole(
      "MADANG_CLUSTER_PORT",
      0,
      0,
      65_535,
      "port, 0 for any free one",
      "Port of the cluster member");
  private static final Setting<Integer> BUS_PORT = Setting.whole(
      "MADANG_BUS_PORT", 0, 0, 65_535, "port, 0 for any free one", "Port of the event bus");
  private static final Setting<Integer> CLUSTER_PUBLIC_PORT = Setting.whole(
      "MADANG_CLUSTER_PUBLIC_PORT",
      0,
      0,
      65_535,
      "port, 0 for the same",
      "Port at which other nodes find the cluster member when it is mapped to another");
  private static final Setting<Integer> BUS_PUBLIC_PORT = Setting.whole(
      "MADANG_BUS_PUBLIC_PORT",
      0,
      0,
      65_535,
      "port, 0 for the same",
      "Port at which other nodes find the event bus when it is mapped to another");
  private static final Setting<List<String>> CLUSTER_MEMBERS =
      Setting.list("MADANG_CLUSTER_MEMBERS", List.of(), "Where other members may be, host:port");
  private static final Setting<Optional<String>> CLUSTER_DNS = Setting.optionalText(
      "MADANG_CLUSTER_DNS", "Name that resolves to the addresses of all members");
  private static final Setting<Secret> CLUSTER_SECRET = Setting.secret(
      "MADANG_CLUSTER_SECRET",
      "What nodes know each other by: every message between them carries a MAC made with it; needed where others than this machine reach the bus");
  private static final Setting<Secret> ADMIN_SECRET = Setting.secret(
      "MADANG_ADMIN_SECRET",
      "Who knows it may look into the mesh by the health port from elsewhere; else only from the machine itself");
  private static final Setting<Duration> STOP_WITHIN = Setting.millis(
      "MADANG_STOP_MS",
      Duration.ofSeconds(30),
      Duration.ofSeconds(1),
      Duration.ofMinutes(10),
      "How long an orderly stop may take before the process ends anyway");

  private static final Setting<Duration> SETTLING = Setting.millis(
      "MADANG_SETTLE_MS",
      Duration.ofSeconds(30),
      Duration.ZERO,
      Duration.ofMinutes(10),
      "For how long after its start a process answers unavailable, not unknown, for services and topics it has not heard of");

  private static final Setting<Boolean> FAULTS = Setting.flag(
      "MADANG_FAULTS",
      false,
      "For tests of Madang itself: whoever reaches the health port may let the process lose messages and die");

  private static final List<Setting<?>> OWN = List.of(
      NAME,
      HEALTH_HOST,
      HEALTH_PORT,
      CLUSTER_NAME,
      CLUSTER_HOST,
      CLUSTER_PORT,
      BUS_PORT,
      CLUSTER_PUBLIC_PORT,
      BUS_PUBLIC_PORT,
      CLUSTER_MEMBERS,
      CLUSTER_DNS,
      CLUSTER_SECRET,
      ADMIN_SECRET,
      STOP_WITHIN,
      SETTLING,
      FAULTS);

  public static final List<Setting<?>> SETTINGS =
      Stream.of(OWN, BatchLimits.SETTINGS).<Setting<?>>flatMap(List::stream).toList();

  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "::1", "localhost");

  public static NodeConfig defaults() {
    Settings settings = new Settings(Map.of());
    return from(settings);
  }

  /** Reads the settings; problems are kept there. */
  public static NodeConfig from(Settings settings) {
    List<String> members = settings.read(CLUSTER_MEMBERS);
    for (String member : members) {
      if (!member.matches("[^:\\s]+:\\d{1,5}")) {
        settings.problem(CLUSTER_MEMBERS.key() + " must be host:port separated by commas but has \""
            + member + "\".");
      }
    }
    if (!members.isEmpty() && settings.isSet(CLUSTER_DNS)) {
      settings.problem("Set " + CLUSTER_MEMBERS.key() + " or " + CLUSTER_DNS.key() + ", not both.");
    }
    Secret clusterSecret = settings.read(CLUSTER_SECRET);
    if (settings.isSet(CLUSTER_SECRET) && clusterSecret.value().length() < MIN_SECRET) {
      settings.problem(CLUSTER_SECRET.key() + " must have at least " + MIN_SECRET + " characters.");
    }
    if (!settings.isSet(CLUSTER_SECRET) && !isLoopback(settings.read(CLUSTER_HOST))) {
      settings.problem(
          CLUSTER_SECRET.key() + " must be set, the same for all nodes, where " + CLUSTER_HOST.key()
              + " is not this machine alone: whoever reaches the bus could speak for anybody.");
    }
    Secret adminSecret = settings.read(ADMIN_SECRET);
    if (settings.isSet(ADMIN_SECRET) && adminSecret.value().length() < MIN_SECRET) {
      settings.problem(ADMIN_SECRET.key() + " must have at least " + MIN_SECRET + " characters.");
    }
    boolean faults = settings.read(FAULTS);
    if (faults
        && !(isLoopback(settings.read(HEALTH_HOST)) && isLoopback(settings.read(CLUSTER_HOST)))) {
      settings.problem(FAULTS.key()
          + " is for tests on one machine, as whoever reaches the health port may break the process; unset it, or set "
          + HEALTH_HOST.key() + " and " + CLUSTER_HOST.key() + " to 127.0.0.1.");
    }
    return new NodeConfig(
        settings.read(NAME),
        settings.read(HEALTH_HOST),
        settings.read(HEALTH_PORT),
        settings.read(CLUSTER_NAME),
        settings.read(CLUSTER_HOST),
        settings.read(CLUSTER_PORT),
        settings.read(BUS_PORT),
        settings.read(CLUSTER_PUBLIC_PORT),
        settings.read(BUS_PUBLIC_PORT),
        members,
        settings.read(CLUSTER_DNS),
        clusterSecret,
        adminSecret,
        settings.read(STOP_WITHIN),
        settings.read(SETTLING),
        faults,
        BatchLimits.from(settings));
  }

  private static boolean isLoopback(String host) {
    return LOOPBACK.contains(host);
  }
}
