package io.madang.benchmarks;

import io.madang.benchmarks.run.LoadOptions;
import io.madang.benchmarks.scenario.Scenarios;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

/** The arguments behind a scenario's name: pairs of a name and a value. */
final class BenchArguments {
  private static final Set<String> OF_A_SCENARIO = Set.of(
      "--through",
      "--door",
      "--clients",
      "--rate",
      "--bytes",
      "--seconds",
      "--warm-up-s",
      "--topics",
      "--window",
      "--runs",
      "--product",
      "--results");

  private static final Set<String> DOORS = Set.of("native", "signalr", "signalr-messagepack");

  /** The loads themselves are fixed there: bars are set for them. */
  private static final Set<String> OF_ALL = Set.of("--runs", "--only", "--product", "--results");

  private final Map<String, String> given = new HashMap<>();
  private final List<String> problems = new ArrayList<>();

  /** What is wrong with the arguments, all of it. */
  static final class BadArgumentsException extends Exception {
    private static final long serialVersionUID = 1;

    BadArgumentsException(List<String> problems) {
      super(String.join("\n", problems));
    }
  }

  private BenchArguments(List<String> arguments, Set<String> names) {
    for (int i = 0; i < arguments.size(); i += 2) {
      String name = arguments.get(i);
      if (!names.contains(name)) {
        problems.add("There is no argument " + name + " here.");
      } else if (i + 1 == arguments.size()) {
        problems.add(name + " needs a value.");
      } else if (given.put(name, arguments.get(i + 1)) != null) {
        problems.add(name + " is given twice.");
      }
    }
  }

  /**
   * What was asked for.
   *
   * @param load as usual where nothing was said
   * @param only loads of {@code all} whose names begin so; empty for every one
   */
  record Asked(LoadOptions load, int runs, String only, Path product, Path results) {}

  static Asked parse(List<String> arguments, LoadOptions usual) throws BadArgumentsException {
    return new BenchArguments(arguments, OF_A_SCENARIO).asked(usual);
  }

  /** Of {@code all}, whose load stands for nothing. */
  static Asked parseAll(List<String> arguments) throws BadArgumentsException {
    LoadOptions any = Scenarios.all().get("fan-out").usual();
    return new BenchArguments(arguments, OF_ALL).asked(any);
  }

  private Asked asked(LoadOptions usual) throws BadArgumentsException {
    LoadOptions load = usual;
    String through = given.getOrDefault("--through", usual.through());
    if (!Set.of("chat", "bench").contains(through)) {
      problems.add("--through is chat or bench, unlike " + through + ".");
    }
    load = load.withThrough(through);
    String door = given.getOrDefault("--door", usual.door());
    if (!DOORS.contains(door)) {
      problems.add("--door is native, signalr or signalr-messagepack, unlike " + door + ".");
    }
    load = load.withDoor(door);
    load = number("--clients", 1, 200_000, load.clients(), load::withClients);
    load = number("--rate", 0, 1_000_000, load.rate(), load::withRate);
    load = number("--bytes", 1, 1_000, load.bytes(), load::withBytes);
    load = number("--seconds", 1, 3_600, load.seconds(), load::withSeconds);
    load = number("--warm-up-s", 1, 600, load.warmUpSeconds(), load::withWarmUpSeconds);
    load = number("--topics", 1, 100_000, load.topics(), load::withTopics);
    load = number("--window", 1, 4_096, load.window(), load::withWindow);
    Asked asked = new Asked(
        load,
        number("--runs", 1, 99, 1, value -> value),
        given.getOrDefault("--only", ""),
        Path.of(given.getOrDefault("--product", "distribution/target/madang")),
        Path.of(given.getOrDefault("--results", "benchmarks/results")));
    if (!problems.isEmpty()) {
      throw new BadArgumentsException(problems);
    }
    return asked;
  }

  private <T> T number(String name, int least, int most, int usual, IntFunction<T> use) {
    String text = given.get(name);
    if (text == null) {
      return use.apply(usual);
    }
    try {
      int value = Integer.parseInt(text);
      if (value >= least && value <= most) {
        return use.apply(value);
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number out of range.
    }
    problems.add(
        "%s is a whole number from %d to %d, unlike %s.".formatted(name, least, most, text));
    return use.apply(usual);
  }
}
