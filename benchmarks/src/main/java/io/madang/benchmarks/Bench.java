package io.madang.benchmarks;

import io.madang.benchmarks.Bars.NamedLoad;
import io.madang.benchmarks.BenchArguments.BadArgumentsException;
import io.madang.benchmarks.product.Mesh;
import io.madang.benchmarks.report.Bar;
import io.madang.benchmarks.report.Figures;
import io.madang.benchmarks.report.Report;
import io.madang.benchmarks.report.ResultFiles;
import io.madang.benchmarks.run.LoadOptions;
import io.madang.benchmarks.scenario.Scenario;
import io.madang.benchmarks.scenario.Scenarios;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
      if (arguments.get(0).equals("all")) {
        return all(BenchArguments.parseAll(arguments.subList(1, arguments.size())));
      }
      if (scenario == null) {
        throw new BadArgumentsException(List.of("There is no scenario " + arguments.get(0) + "."));
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
                       [--through chat|bench] [--door native|signalr|signalr-messagepack] [--topics N] [--window N]
                       [--runs N] [--results DIRECTORY]
        """);
    Scenarios.all()
        .forEach(
            (name, scenario) -> usage.append("  %-12s %s%n".formatted(name, scenario.about())));
    usage.append(
        "  %-12s %s%n"
            .formatted(
                "all",
                "every load the product is held to a bar at, --runs times; with --only those whose names begin so"));
    return usage.toString();
  }

  private static int measure(String name, Scenario scenario, BenchArguments.Asked asked)
      throws IOException {
    List<Figures> runs = new ArrayList<>();
    for (int run = 1; run <= asked.runs(); run++) {
      System.out.printf("%s, run %d of %d …%n", name, run, asked.runs());
      runs.add(scenario.run(asked.product(), asked.load()));
    }
    return written(name, asked.load(), runs, asked).isClean() ? 0 : 1;
  }

  /** Each load in turn and all of them again, so that a machine that grows slower does so for all. */
  private static int all(BenchArguments.Asked asked) throws IOException {
    Map<String, NamedLoad> loads = Bars.loads();
    loads.keySet().removeIf(name -> !name.startsWith(asked.only()));
    Map<String, List<Figures>> runs = new LinkedHashMap<>();
    for (int run = 1; run <= asked.runs(); run++) {
      for (Map.Entry<String, NamedLoad> load : loads.entrySet()) {
        System.out.printf("%s, run %d of %d …%n", load.getKey(), run, asked.runs());
        runs.computeIfAbsent(load.getKey(), name -> new ArrayList<>())
            .add(runOrFailure(load.getValue(), asked.product()));
      }
    }
    Map<String, Report> reports = new LinkedHashMap<>();
    for (Map.Entry<String, NamedLoad> load : loads.entrySet()) {
      String name = load.getKey();
      reports.put(name, written(name, load.getValue().options(), runs.get(name), asked));
    }
    List<Bar> bars =
        Bars.all().stream().filter(bar -> reports.containsKey(bar.load())).toList();
    System.out.printf(
        "%n%-16s %-34s    %12s %14s  of %d runs%n",
        "load", "figure", "bar", "measured", asked.runs());
    bars.forEach(bar -> System.out.println(bar.inWords(reports)));
    return bars.stream().allMatch(bar -> bar.outcome(reports) == Bar.Outcome.HELD) ? 0 : 1;
  }

  /** A run that breaks off is one that failed; the others go on. */
  private static Figures runOrFailure(NamedLoad load, Path product) {
    try {
      return load.make().run(product, load.options());
    } catch (IOException | RuntimeException e) {
      Figures broken = new Figures();
      broken.fail("broke off: " + e.getMessage());
      return broken;
    }
  }

  private static Report written(
      String name, LoadOptions load, List<Figures> runs, BenchArguments.Asked asked)
      throws IOException {
    Report report = new Report(Instant.now(), commit(), name, inWords(load), Mesh.SETTINGS, runs);
    System.out.println(report.table());
    System.out.println("Written to " + new ResultFiles(asked.results()).write(report) + ".");
    return report;
  }

  private static Map<String, Object> inWords(LoadOptions load) {
    Map<String, Object> words = new LinkedHashMap<>();
    words.put("through", load.through());
    words.put("door", load.door());
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
