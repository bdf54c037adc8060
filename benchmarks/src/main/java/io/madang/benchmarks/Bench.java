package io.madang.benchmarks;

import io.madang.benchmarks.BenchArguments.BadArgumentsException;
import io.madang.benchmarks.product.Mesh;
import io.madang.benchmarks.report.Figures;
import io.madang.benchmarks.report.Report;
import io.madang.benchmarks.report.ResultFiles;
import io.madang.benchmarks.scenario.LoadOptions;
import io.madang.benchmarks.scenario.Scenario;
import io.madang.benchmarks.scenario.Scenarios;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Loads the product in the way it is told and says what it bore. Ends with 0 if every delivery was as promised, 1 if one was not
 * or a run failed, 2 if the arguments cannot be used.
 */
public final class Bench {
  private Bench() {}

  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments)));
  }

  private static int run(List<String> arguments) {
    if (arguments.isEmpty() || arguments.contains("--help")) {
      System.out.println(usage());
      return arguments.isEmpty() ? 2 : 0;
    }
    Scenario scenario = Scenarios.all().get(arguments.get(0));
    try {
      if (scenario == null) {
        throw new BadArgumentsException(
            List.of("There is no scenario " + arguments.get(0) + "."));
      }
      return measure(
          arguments.get(0),
          scenario,
          BenchArguments.parse(arguments.subList(1, arguments.size()), scenario.usual()));
    } catch (BadArgumentsException e) {
      System.err.println(e.getMessage());
      System.err.println(usage());
      return 2;
    } catch (IOException | RuntimeException e) {
      System.err.println("The run failed: " + e);
      return 1;
    }
  }

  private static String usage() {
    StringBuilder usage = new StringBuilder("""
        ./madang bench SCENARIO [--clients N] [--rate MESSAGES_PER_SECOND] [--bytes N] [--seconds N] [--warm-up-s N]
                       [--through chat|bench] [--topics N] [--window N] [--runs N] [--results DIRECTORY]
        """);
    Scenarios.all()
        .forEach((name, scenario) ->
            usage.append("  %-12s %s%n".formatted(name, scenario.about())));
    return usage.toString();
  }

  private static int measure(String name, Scenario scenario, BenchArguments.Asked asked)
      throws IOException {
    List<Figures> runs = new ArrayList<>();
    for (int run = 1; run <= asked.runs(); run++) {
      System.out.printf("%s, run %d of %d …%n", name, run, asked.runs());
      runs.add(scenario.run(asked.product(), asked.load()));
    }
    Report report = new Report(
        Instant.now(), commit(), name, inWords(asked.load()), Mesh.RAISED_LIMITS, runs);
    System.out.println(report.table());
    System.out.println("Written to " + new ResultFiles(asked.results()).write(report) + ".");
    return report.isClean() ? 0 : 1;
  }

  private static Map<String, Object> inWords(LoadOptions load) {
    Map<String, Object> words = new LinkedHashMap<>();
    words.put("through", load.through());
    words.put("clients", load.clients());
    words.put("rate", load.rate());
    words.put("bytes", load.bytes());
    words.put("seconds", load.seconds());
    words.put("warmUpSeconds", load.warmUpSeconds());
    words.put("topics", load.topics());
    words.put("window", load.window());
    return words;
  }

  /** What git calls the code that is measured; "unknown" outside of a clone. */
  private static String commit() throws IOException {
    Process git = new ProcessBuilder("git", "describe", "--always", "--dirty", "--exclude=*")
        .redirectErrorStream(true)
        .start();
    try {
      if (git.waitFor(10, TimeUnit.SECONDS) && git.exitValue() == 0) {
        return new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return "unknown";
  }
}
