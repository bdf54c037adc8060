package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.system.traffic.Traffic.Plan;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Who sends without waiting for answers finds its messages in the order it gave them, although now commands and now answers are
 * lost for a while, so that first attempts time out in the middle of a row, and the second ones go to another node.
 */
@Tag("cluster")
@ExtendWith(RiggedMesh.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class PipelinedCommandsKeepTheirOrderTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** For all that is lost here, and what is waited for between. */
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(35);

  /** Shorter than an attempt, so that nothing is lost for as long as it is tried. */
  private static final Duration LOST_FOR = Duration.ofMillis(1_200);

  private static final String NO_COMMANDS = "{\"messages\": {\"Command\": {\"drop\": 100}}}";
  private static final String NO_ANSWERS = "{\"messages\": {\"Answer\": {\"drop\": 100}}}";
  private static final String NOTHING = "{}";

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS)
  void although_first_attempts_time_out(MeshProcesses mesh) {
    try (LoadedMesh load = LoadedMesh.of(mesh, Plan.usual().lasting(LONG_ENOUGH))) {
      for (double share : new double[] {0.1, 0.3, 0.5}) {
        load.awaitShare(share, LIMIT);
        whileLost(load, mesh, "gateway-1", NO_COMMANDS);
        load.awaitShare(share + 0.05, LIMIT);
        whileLost(load, mesh, "gateway-2", NO_COMMANDS);
        load.awaitShare(share + 0.1, LIMIT);
        whileLost(load, mesh, mesh.busiest("chat-1", "chat-2"), NO_ANSWERS);
      }

      load.assertNothingLost(LIMIT);

      assertThat(load.traffic().repeats())
          .as("messages given again by their senders")
          .isZero();
      assertThat(load.traffic().outOfOrder(mesh.database())).isEmpty();
    }
  }

  /** The next loss waits for the second attempts of this one: what is lost twice is unavailable, and has no place to keep. */
  private static void whileLost(LoadedMesh load, MeshProcesses mesh, String node, String plan) {
    mesh.putFaults(node, plan);
    Pause.of(LOST_FOR);
    mesh.putFaults(node, NOTHING);
    assertThat(load.traffic().awaitAnswersToAllGiven(LIMIT))
        .as("messages that the loss held up")
        .isPositive();
  }
}
