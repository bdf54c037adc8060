package io.madang.gateway.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.runtime.metrics.MeterNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/**
 * Runs many meshes, each from a seed: {@code -Dmadang.simulation.seeds=1000} for more, {@code -Dmadang.simulation.first=501} to
 * begin elsewhere than at 1, {@code -Dmadang.simulation.seed=17} for one.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SimulationTest {
  private static final int THREADS = 2;

  /** In each run, so many commands at least were sent while others before them were not answered. */
  private static final int LEAST_IN_ORDER = 100;

  /**
   * What came of a seed.
   *
   * @param wrong the first thing that was, and what led to it
   */
  private record Ran(Optional<String> wrong, long seenInOrder) {}

  @BeforeAll
  static void hush() {
    Complaints.printNothing(true);
  }

  @AfterAll
  static void speak() {
    Complaints.printNothing(false);
  }

  @Test
  void whatever_fails_every_client_has_what_the_log_has() throws Exception {
    Long one = Long.getLong("madang.simulation.seed");
    long first = Long.getLong("madang.simulation.first", 1);
    List<Long> seeds = one != null
        ? List.of(one)
        : LongStream.range(first, first + Long.getLong("madang.simulation.seeds", 50))
            .boxed()
            .toList();

    List<Ran> runs = run(seeds);

    assertThat(runs).flatExtracting(run -> run.wrong().stream().toList()).isEmpty();
    // Else the clients would not have sent ahead, and nothing would be shown of order.
    assertThat(runs).allMatch(run -> run.seenInOrder() > LEAST_IN_ORDER);
  }

  @Test
  void a_seed_tells_the_same_story_again() {
    assertThat(sumOf(7)).isEqualTo(sumOf(7));
  }

  @Test
  void what_was_missed_comes_from_senders_and_from_owners() {
    double fromSenders = 0;
    double fromOwners = 0;
    for (long seed = 1; seed <= 3; seed++) {
      Simulation simulation = new Simulation(seed);
      simulation.run();
      fromSenders += simulation.holesFilled(MeterNames.FROM_SENDER);
      fromOwners += simulation.holesFilled(MeterNames.FROM_HISTORY);
    }

    assertThat(fromSenders).isPositive();
    assertThat(fromOwners).isPositive();
  }

  private static long sumOf(long seed) {
    Simulation simulation = new Simulation(seed);
    simulation.run();
    return simulation.sum();
  }

  private static List<Ran> run(List<Long> seeds) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<Ran>> runs = new ArrayList<>();
      seeds.forEach(seed -> runs.add(threads.submit(() -> run(seed))));
      List<Ran> ran = new ArrayList<>();
      for (Future<Ran> run : runs) {
        ran.add(run.get());
      }
      return ran;
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private static Ran run(long seed) {
    Simulation simulation = new Simulation(seed);
    Complaints complaints = new Complaints(simulation::complained);
    try {
      simulation.run();
    } finally {
      complaints.close();
    }
    Findings findings = simulation.findings();
    return new Ran(
        findings
            .first()
            .map(wrong ->
                "seed " + seed + ": " + wrong + "\n" + String.join("\n", findings.before())),
        simulation.seenInOrder());
  }
}
