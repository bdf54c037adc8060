package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.system.traffic.Traffic.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The wall clocks of all nodes jump by five minutes, forwards or back, in turn, and later back to the truth. */
@Tag("cluster")
@ExtendWith(RiggedMesh.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class AJumpOfTheClockHarmsNobodyTest {
  private static final Duration LIMIT = Duration.ofSeconds(45);
  private static final Duration FAR = Duration.ofMinutes(5);
  private static final Duration SEEN_WITHIN = Duration.ofSeconds(10);
  private static final Pattern TIME = Pattern.compile("\"time\"\\s*:\\s*\"([^\"]+)\"");

  @Test
  @Timeout(value = 90, unit = TimeUnit.SECONDS)
  void forwards_and_back_while_messages_flow(MeshProcesses mesh) {
    try (LoadedMesh load = LoadedMesh.of(mesh, Plan.usual().lasting(Duration.ofSeconds(16)))) {
      load.awaitShare(0.1, LIMIT);
      jump(mesh, FAR);
      load.awaitShare(0.3, LIMIT);
      jump(mesh, FAR.negated());
      load.awaitShare(0.5, LIMIT);
      jump(mesh, Duration.ZERO);

      load.assertNothingLost(LIMIT);
    }
  }

  /** Chat nodes one way and gateways the other, so that nobody shares the time of whom it asks. */
  private static void jump(MeshProcesses mesh, Duration ahead) {
    Map<String, Duration> jumps = new TreeMap<>();
    mesh.nodes()
        .forEach(node -> jumps.put(node, node.startsWith("chat") ? ahead : ahead.negated()));
    jumps.forEach(mesh.rig().clocks()::set);
    Awaitility.await("the nodes take it for another time")
        .atMost(SEEN_WITHIN)
        .untilAsserted(() -> assertThat(jumps)
            .allSatisfy(
                (node, jump) -> assertThat(Duration.between(Instant.now(), timeOf(mesh, node)))
                    .isBetween(jump.minus(SEEN_WITHIN), jump.plus(SEEN_WITHIN))));
  }

  private static Instant timeOf(MeshProcesses mesh, String node) {
    String report = mesh.faultReport(node);
    Matcher time = TIME.matcher(report);
    assertThat(time.find()).as(report).isTrue();
    return Instant.parse(time.group(1));
  }
}
