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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * One client stops reading while messages flow. The others hear everything meanwhile; it is sent away or fed later, and has heard
 * everything once and in order when it reads again.
 */
@Tag("cluster")
@DisplayNameGeneration(ReplaceUnderscores.class)
class ASlowReaderHarmsNobodyTest {
  private static final Duration LIMIT = Duration.ofSeconds(40);

  private static MeshProcesses mesh;

  @BeforeAll
  static void startTheMesh() {
    mesh = MeshProcesses.start(MeshProcesses.chatOnly(), LoadedMesh.UNLIMITED);
  }

  @AfterAll
  static void stopTheMesh() {
    if (mesh != null) {
      mesh.close();
    }
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void and_misses_nothing() {
    try (LoadedMesh load = LoadedMesh.of(mesh, Plan.usual());
        PlainReader slow = reader("slow", load);
        PlainReader steady = reader("steady", load)) {
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
              .allMatch(account -> account.reaches(committed.head(account.topic()).orElseThrow())));
      Verdict verdict = Checker.check(committed, Map.of(), accounts);
      System.out.printf("slow: %s, steady: %s, %s%n", slow.ends(), steady.ends(), verdict);
      assertThat(verdict.isWhole()).as(verdict.toString()).isTrue();
      assertThat(slow.ends()).as("how the gateway ended it").allMatch("4000"::equals);
      assertThat(steady.ends()).isEmpty();
    }
  }

  private static PlainReader reader(String name, LoadedMesh load) {
    return PlainReader.start(
        name,
        mesh.socket("gateway-2"),
        mesh.guestToken("gateway-1", name),
        load.traffic().topics());
  }
}
