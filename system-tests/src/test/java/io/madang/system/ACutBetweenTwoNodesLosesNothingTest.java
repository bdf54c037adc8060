package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.madang.client.MadangClient;
import io.madang.protocol.json.RawJson;
import io.madang.system.traffic.Traffic.Plan;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Nodes do not reach each other, and then do again. Nobody misses anything by it, and afterwards the mesh is whole. */
@Tag("cluster")
@ExtendWith(RiggedMesh.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class ACutBetweenTwoNodesLosesNothingTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Longer than the bus waits for a sign of life on a connection. */
  private static final Duration SHORT = Duration.ofSeconds(14);

  /** As long as a member may be without heartbeat, and a little to notice. */
  private static final Duration GONE_WITHIN = Duration.ofSeconds(40);

  /** How long messages flow, beyond the half minute without heartbeat. */
  private static final Duration LONG = Duration.ofSeconds(38);

  private static final Duration WHOLE_WITHIN = Duration.ofSeconds(60);
  private static final Pattern GONE = Pattern.compile("Node (\\S+) is gone$");

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS)
  void that_all_others_reach(MeshProcesses mesh) {
    try (LoadedMesh load = LoadedMesh.of(mesh, Plan.usual().lasting(SHORT.plusSeconds(4)))) {
      load.awaitShare(0.1, LIMIT);
      mesh.rig().wires().cut(mesh.busiest("chat-1", "chat-2"), "gateway-2");
      Pause.of(SHORT);
      mesh.rig().wires().heal();

      load.assertNothingLost(LIMIT);
    }
    awaitBothChatNodesServeBothGateways(mesh);
  }

  /** The one is whom all others follow: the oldest member of the cluster. */
  @Test
  @Timeout(value = 240, unit = TimeUnit.SECONDS)
  void one_of_which_is_alone_for_so_long_that_there_are_two_clusters(MeshProcesses mesh) {
    List<String> others =
        mesh.nodes().stream().filter(node -> !node.equals("gateway-2")).toList();
    mesh.restart(others);
    try (LoadedMesh load = LoadedMesh.of(mesh, Plan.usual().lasting(LONG))) {
      load.awaitShare(0.05, LIMIT);
      others.forEach(node -> mesh.rig().wires().cut(node, "gateway-2"));
      Awaitility.await("the others take gateway-2 for gone, and nobody else")
          .atMost(GONE_WITHIN)
          .pollInterval(Duration.ofSeconds(1))
          .untilAsserted(() -> assertThat(others)
              .allSatisfy(node ->
                  assertThat(goneFor(mesh, node)).singleElement(STRING).startsWith("gateway-2.")));
      mesh.rig().wires().heal();

      load.assertNothingLost(LIMIT);
    }
    awaitBothChatNodesServeBothGateways(mesh);
  }

  /** The nodes that were there for a node since its start and are not any more. */
  private static List<String> goneFor(MeshProcesses mesh, String node) {
    return mesh.process(node).lines().stream()
        .map(GONE::matcher)
        .filter(Matcher::find)
        .map(gone -> gone.group(1))
        .toList();
  }

  /** Rooms enough that some are at home at each of them. */
  private static void awaitBothChatNodesServeBothGateways(MeshProcesses mesh) {
    for (String gateway : new String[] {"gateway-1", "gateway-2"}) {
      try (MadangClient client = mesh.client(gateway, "healed-at-" + gateway)) {
        Awaitility.await("both chat nodes do what is given at " + gateway)
            .atMost(WHOLE_WITHIN)
            .pollInterval(Duration.ofSeconds(1))
            .untilAsserted(() -> {
              double first = mesh.commandsDone("chat-1");
              double second = mesh.commandsDone("chat-2");
              for (int i = 0; i < 20; i++) {
                client
                    .command("chat", "joinRoom", RawJson.trusted("{\"room\":\"healed-" + i + "\"}"))
                    .get(15, TimeUnit.SECONDS);
              }
              assertThat(mesh.commandsDone("chat-1")).isGreaterThan(first);
              assertThat(mesh.commandsDone("chat-2")).isGreaterThan(second);
            });
      }
    }
  }
}
