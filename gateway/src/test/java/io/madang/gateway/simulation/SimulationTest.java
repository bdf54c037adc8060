package io.madang.gateway.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.runtime.metrics.MeterNames;
import java.util.ArrayList;
import java.util.List;
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

/** Runs many meshes, each from a seed: {@code -Dmadang.simulation.seeds=1000} for more, {@code -Dmadang.simulation.seed=17} for one. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SimulationTest {
  private static final int THREADS = 2;

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
    List<Long> seeds = one != null
        ? List.of(one)
        : LongStream.rangeClosed(1, Long.getLong("madang.simulation.seeds", 50))
            .boxed()
            .toList();

    List<String> failures = run(seeds);

    assertThat(failures).isEmpty();
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

  private static List<String> run(List<Long> seeds) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<List<String>>> runs = new ArrayList<>();
      seeds.forEach(seed -> runs.add(threads.submit(() -> run(seed))));
      List<String> failures = new ArrayList<>();
      for (Future<List<String>> run : runs) {
        failures.addAll(run.get());
      }
      return failures;
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<String> run(long seed) {
    Simulation simulation = new Simulation(seed);
    Complaints complaints = new Complaints(simulation::complained);
    try {
      simulation.run();
    } finally {
      complaints.close();
    }
    return simulation
        .findings()
        .first()
        .map(wrong -> "seed " + seed + ": " + wrong + "\n"
            + String.join("\n", simulation.findings().before()))
        .stream()
        .toList();
  }
}
