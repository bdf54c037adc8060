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

/** What was answered before PostgreSQL fell is there after it, and who waited is served; no topic begins anew. */
@Tag("cluster")
@ExtendWith(SharedMesh.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class ARestartOfPostgresLosesNothingTest {
  private static final Duration LIMIT = Duration.ofSeconds(45);
  private static final Duration DOWN = Duration.ofSeconds(3);

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void when_it_is_killed_and_when_it_is_stopped_in_order(MeshProcesses mesh) {
    try (LoadedMesh load = LoadedMesh.of(mesh, Plan.usual())) {
      load.awaitShare(0.2, LIMIT);
      mesh.postgres().kill();
      Pause.of(DOWN);
      mesh.postgres().start();

      load.awaitShare(0.6, LIMIT);
      mesh.postgres().restart();

      load.assertNothingLost(LIMIT.minus(DOWN));
    }
  }
}
