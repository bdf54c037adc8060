package io.madang.system;

import io.madang.system.traffic.Traffic.Plan;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A new version comes: of each role one process after the other is stopped in order and started again, all roles at the same
 * time, while messages flow.
 */
@Tag("cluster")
@ExtendWith(SharedMesh.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class ARollingRestartLosesNothingTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS)
  void of_every_process_under_load(MeshProcesses mesh) {
    try (LoadedMesh load = LoadedMesh.of(mesh, Plan.usual().lasting(Duration.ofSeconds(30)))) {
      load.awaitShare(0.05, LIMIT);

      for (String place : List.of("-1", "-2")) {
        mesh.restart(mesh.nodes().stream().filter(node -> node.endsWith(place)).toList());
      }

      load.assertNothingLost(LIMIT);
    }
  }
}
