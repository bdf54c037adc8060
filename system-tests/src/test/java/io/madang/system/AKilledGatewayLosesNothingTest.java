package io.madang.system;

import io.madang.system.traffic.Traffic.Plan;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clients of a gateway that dies without a word go on at another from where they were. */
@Tag("cluster")
@ExtendWith(SharedMesh.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class AKilledGatewayLosesNothingTest {
  private static final Duration LIMIT = Duration.ofSeconds(45);

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void its_clients_go_on_at_the_other(MeshProcesses mesh) {
    try (LoadedMesh load = LoadedMesh.of(mesh, Plan.usual())) {
      load.awaitShare(0.4, LIMIT);

      mesh.process("gateway-2").kill();

      load.assertNothingLost(LIMIT);
    }
  }
}
