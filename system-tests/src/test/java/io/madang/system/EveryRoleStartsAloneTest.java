package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.distribution.process.RoleKind;
import io.madang.testkit.RunningProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A role needs its stores and no other process: it starts first, becomes ready, and stops in order when it is asked to. */
@Tag("cluster")
@DisplayNameGeneration(ReplaceUnderscores.class)
class EveryRoleStartsAloneTest {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void and_is_ready_with_its_pages_and_stops_in_order() throws Exception {
    ExecutorService starters = Executors.newFixedThreadPool(RoleKind.values().length);
    try {
      List<Future<Void>> roles = new ArrayList<>();
      for (RoleKind kind : RoleKind.values()) {
        roles.add(starters.submit(() -> startsAlone(kind.word())));
      }
      for (Future<Void> role : roles) {
        role.get();
      }
    } finally {
      starters.shutdownNow();
    }
  }

  private static Void startsAlone(String role) {
    try (MeshProcesses mesh = MeshProcesses.start(Map.of(role + "-1", role), Map.of())) {
      RunningProcess process = mesh.process(role + "-1");
      assertThat(mesh.page(role + "-1", "/health/live").statusCode()).as(role).isEqualTo(200);
      assertThat(mesh.page(role + "-1", "/metrics").body())
          .as(role)
          .contains("process_cpu_usage", "jvm_memory_used_bytes");

      process.terminate();

      assertThat(process.awaitExit(STOP_LIMIT)).as(role).isZero();
      assertThat(process.lines()).as(role).anyMatch(line -> line.endsWith("Stopped."));
    }
    return null;
  }
}
