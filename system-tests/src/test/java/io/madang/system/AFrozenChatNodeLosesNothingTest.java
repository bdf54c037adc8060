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

/** A chat node that stands still for 20 s is passed over, and what it does afterwards harms nobody. */
@Tag("cluster")
@ExtendWith(SharedMesh.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class AFrozenChatNodeLosesNothingTest {
  private static final Duration LIMIT = Duration.ofSeconds(45);

  private static final Duration FROZEN = Duration.ofSeconds(20);

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void the_other_goes_on_and_what_it_says_late_does_no_harm(MeshProcesses mesh) {
    try (LoadedMesh load = LoadedMesh.of(mesh, Plan.usual().lasting(Duration.ofSeconds(20)))) {
      load.awaitShare(0.1, LIMIT);
      RunningProcess chat = mesh.process(mesh.busiest("chat-1", "chat-2"));

      chat.freeze();
      Pause.of(FROZEN);
      chat.thaw();

      load.assertNothingLost(LIMIT.minus(FROZEN));
    }
  }
}
