package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.system.traffic.Account;
import io.madang.system.traffic.Checker;
import io.madang.system.traffic.Committed;
import io.madang.system.traffic.PlainReader;
import io.madang.system.traffic.Traffic.Plan;
import io.madang.system.traffic.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * One client stops reading while messages flow. The others hear everything meanwhile; it is sent away or fed later, and has heard
 * everything once and in order when it reads again.
 */
@Tag("cluster")
@ExtendWith(SharedMesh.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class ASlowReaderHarmsNobodyTest {
  private static final Duration LIMIT = Duration.ofSeconds(40);

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void and_misses_nothing(MeshProcesses mesh) {
    try (LoadedMesh load = LoadedMesh.of(mesh, Plan.usual());
        PlainReader slow = reader(mesh, "slow", load);
        PlainReader steady = reader(mesh, "steady", load)) {
      load.awaitShare(0.1, LIMIT);
      slow.pause();

      load.assertNothingLost(LIMIT);

      slow.proceed();
      Committed committed = Committed.read(mesh.database(), load.traffic().topics());
      List<Account> accounts = new ArrayList<>(slow.accounts());
      accounts.addAll(steady.accounts());
      Awaitility.await("both readers at the end")
          .atMost(Duration.ofSeconds(15))
          .until(() -> accounts.stream()
              .allMatch(
                  account -> account.reaches(committed.head(account.topic()).orElseThrow())));
      Verdict verdict = Checker.check(committed, Map.of(), accounts);
      System.out.printf("slow: %s, steady: %s, %s%n", slow.ends(), steady.ends(), verdict);
      assertThat(verdict.isWhole()).as(verdict.toString()).isTrue();
      assertThat(slow.ends()).as("how the gateway ended it").allMatch("4000"::equals);
      assertThat(steady.ends()).isEmpty();
    }
  }

  private static PlainReader reader(MeshProcesses mesh, String name, LoadedMesh load) {
    return PlainReader.start(
        name,
        List.of(mesh.socket("gateway-2")),
        mesh.guestToken("gateway-1", name),
        load.traffic().topics());
  }
}
