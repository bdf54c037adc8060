package io.madang.system;

import io.madang.system.traffic.Traffic.Plan;
import io.madang.testkit.RunningProcess;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A gateway that stands still for 20 s, its connections open, tells its clients afterwards what they missed. */
@Tag("cluster")
@ExtendWith(SharedMesh.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class AFrozenGatewayLosesNothingTest {
  private static final Duration LIMIT = Duration.ofSeconds(45);

  private static final Duration FROZEN = Duration.ofSeconds(20);

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void its_clients_hear_the_rest_after_it(MeshProcesses mesh) {
    try (LoadedMesh load = LoadedMesh.of(mesh, Plan.usual().lasting(Duration.ofSeconds(20)))) {
      load.awaitShare(0.1, LIMIT);
      RunningProcess gateway = mesh.process("gateway-2");

      gateway.freeze();
      Pause.of(FROZEN);
      gateway.thaw();

      load.assertNothingLost(LIMIT.minus(FROZEN));
    }
  }
}
