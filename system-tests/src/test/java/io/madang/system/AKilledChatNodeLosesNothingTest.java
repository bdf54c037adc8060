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

/** What a chat node had committed, published or only received when it died reaches everybody once. */
@Tag("cluster")
@ExtendWith(SharedMesh.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class AKilledChatNodeLosesNothingTest {
  private static final Duration LIMIT = Duration.ofSeconds(45);

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void the_other_goes_on_in_its_place(MeshProcesses mesh) {
    try (LoadedMesh load = LoadedMesh.of(mesh, Plan.usual())) {
      load.awaitShare(0.4, LIMIT);

      mesh.process(mesh.busiest("chat-1", "chat-2")).kill();

      load.assertNothingLost(LIMIT);
    }
  }
}
