package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.client.MadangClient;
import io.madang.protocol.json.RawJson;
import io.madang.system.traffic.Traffic.Plan;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A gateway and a chat node do not reach each other for so long that the cluster takes one of them for gone, while all others
 * reach both; then they do again. Nobody misses anything by it, and afterwards the mesh is whole.
 */
@Tag("cluster")
@ExtendWith(RiggedMesh.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class ACutBetweenTwoNodesLosesNothingTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Longer than a member may be without heartbeat, which is half a minute. */
  private static final Duration CUT = Duration.ofSeconds(38);

  private static final Duration WHOLE_WITHIN = Duration.ofSeconds(45);

  @Test
  @Timeout(value = 180, unit = TimeUnit.SECONDS)
  void and_its_healing_makes_the_mesh_whole(MeshProcesses mesh) throws Exception {
    try (LoadedMesh load = LoadedMesh.of(mesh, Plan.usual().lasting(CUT.plusSeconds(12)))) {
      load.awaitShare(0.05, LIMIT);
      mesh.rig().wires().cut(mesh.busiest("chat-1", "chat-2"), "gateway-2");
      Pause.of(CUT);
      mesh.rig().wires().heal();

      load.assertNothingLost(LIMIT);
    }
    awaitBothChatNodesServeBothGateways(mesh);
  }

  /** Rooms enough that some are at home at each of them. */
  private static void awaitBothChatNodesServeBothGateways(MeshProcesses mesh) {
    for (String gateway : new String[] {"gateway-1", "gateway-2"}) {
      try (MadangClient client = mesh.client(gateway, "healed-at-" + gateway)) {
        Awaitility.await("both chat nodes do what is given at " + gateway)
            .atMost(WHOLE_WITHIN)
            .untilAsserted(() -> {
              double first = mesh.commandsDone("chat-1");
              double second = mesh.commandsDone("chat-2");
              for (int i = 0; i < 20; i++) {
                client
                    .command("chat", "recentMessages", RawJson.trusted("{\"room\":\"any-" + i + "\"}"))
                    .handle((reply, refused) -> reply)
                    .get(5, TimeUnit.SECONDS);
              }
              assertThat(mesh.commandsDone("chat-1")).isGreaterThan(first);
              assertThat(mesh.commandsDone("chat-2")).isGreaterThan(second);
            });
      }
    }
  }
}
