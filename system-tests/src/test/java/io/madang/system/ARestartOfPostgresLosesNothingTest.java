package io.madang.system;

import io.madang.system.traffic.Traffic.Plan;
import io.madang.testkit.TestServer;
import io.madang.testkit.TestStores;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What was answered before PostgreSQL fell is there after it, and who waited is served; no topic begins anew. */
@Tag("cluster")
@DisplayNameGeneration(ReplaceUnderscores.class)
class ARestartOfPostgresLosesNothingTest {
  private static final Duration LIMIT = Duration.ofSeconds(45);
  private static final Duration DOWN = Duration.ofSeconds(3);

  private TestServer postgres;
  private MeshProcesses mesh;

  @BeforeEach
  void startTheMesh() {
    postgres = TestStores.ownPostgres();
    mesh = MeshProcesses.startOn(postgres, MeshProcesses.chatOnly(), LoadedMesh.UNLIMITED);
  }

  @AfterEach
  void stopTheMesh() {
    if (mesh != null) {
      mesh.close();
    }
    postgres.close();
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void when_it_is_killed() {
    try (LoadedMesh load = LoadedMesh.of(mesh, Plan.usual())) {
      load.awaitShare(0.4, LIMIT);

      postgres.kill();
      Pause.of(DOWN);
      postgres.start();

      load.assertNothingLost(LIMIT.minus(DOWN));
    }
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void when_it_is_stopped_in_order() {
    try (LoadedMesh load = LoadedMesh.of(mesh, Plan.usual())) {
      load.awaitShare(0.4, LIMIT);

      postgres.restart();

      load.assertNothingLost(LIMIT);
    }
  }
}
