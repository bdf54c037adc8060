package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.system.traffic.Account;
import io.madang.system.traffic.ComesAndGoes;
import io.madang.system.traffic.Traffic.Plan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Nodes lose, double and delay what they say to each other: publications and what acknowledges them, interest and what
 * acknowledges and compares it, questions and answers. Some listen all the time, some come and go, so that interest changes.
 */
@Tag("cluster")
@ExtendWith(RiggedMesh.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class AnUnreliableBusLosesNothingTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Rooms whose listeners all come and go, and only at one gateway. */
  private static final Plan RESTLESS = new Plan(2, 1, 6, 4_000, 300, 32);

  private static final String MUCH = "{\"drop\": 5, \"double\": 5, \"delay\": 5, \"delayMs\": 300}";

  /** Each of these costs somebody two seconds. */
  private static final String LITTLE =
      "{\"drop\": 0.1, \"double\": 2, \"delay\": 2, \"delayMs\": 100}";

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS)
  void whatever_nodes_say_to_each_other(MeshProcesses mesh) throws Exception {
    long seed = ThreadLocalRandom.current().nextLong(Integer.MAX_VALUE);
    System.out.printf("The seed of the faults is %d%n", seed);
    mesh.nodes().forEach(node -> mesh.putFaults(node, plan(seed)));

    List<ComesAndGoes> restless = new ArrayList<>();
    try (LoadedMesh load = LoadedMesh.of(mesh, Plan.usual().lasting(Duration.ofSeconds(12)));
        LoadedMesh more = LoadedMesh.of(mesh, List.of(mesh.socket("gateway-1")), RESTLESS)) {
      for (String topic : more.traffic().topics()) {
        String name = "restless-" + restless.size();
        Account account = new Account(name, topic);
        restless.add(ComesAndGoes.start(mesh.client("gateway-2", name), account));
        more.traffic().alsoJudge(account);
      }

      load.assertNothingLost(LIMIT);
      restless.forEach(ComesAndGoes::stay);
      more.assertNothingLost(LIMIT);
      assertThat(restless).allSatisfy(one -> assertThat(one.comings()).isGreaterThan(2));
      mesh.nodes().forEach(node -> System.out.println(node + ": " + mesh.faultReport(node)));
    } finally {
      restless.forEach(ComesAndGoes::close);
    }
  }

  private static String plan(long seed) {
    String much = Stream.of(
            "Batch", "BatchTaken", "Interest", "InterestTaken", "InterestWanted", "Beat", "Read")
        .map(kind -> "\"" + kind + "\": " + MUCH)
        .collect(Collectors.joining(", "));
    String little = Stream.of("Command", "Answer")
        .map(kind -> "\"" + kind + "\": " + LITTLE)
        .collect(Collectors.joining(", "));
    return "{\"seed\": %d, \"messages\": {%s, %s}}".formatted(seed, much, little);
  }
}
