package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

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

/** What a chat node has committed and is killed before it can publish or answer reaches everybody once all the same. */
@Tag("cluster")
@ExtendWith(RiggedMesh.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class AChatNodeKilledBeforeItPublishesLosesNothingTest {
  private static final Duration LIMIT = Duration.ofSeconds(45);
  private static final Duration DIES_WITHIN = Duration.ofSeconds(10);

  /** Of a process that SIGKILL ended. */
  private static final int KILLED = 128 + 9;

  @Test
  @Timeout(value = 90, unit = TimeUnit.SECONDS)
  void the_other_tells_it(MeshProcesses mesh) {
    try (LoadedMesh load = LoadedMesh.of(mesh, Plan.usual())) {
      load.awaitShare(0.3, LIMIT);
      String node = mesh.busiest("chat-1", "chat-2");
      RunningProcess process = mesh.process(node);

      mesh.putFaults(node, "{\"dieBeforePublishing\": 50}");

      assertThat(process.awaitExit(DIES_WITHIN)).isEqualTo(KILLED);
      process.awaitLine("Dies now instead of publishing", Duration.ZERO);
      load.assertNothingLost(LIMIT);
    }
  }
}
