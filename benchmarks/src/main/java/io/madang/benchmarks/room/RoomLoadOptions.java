package io.madang.benchmarks.room;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is put on the product.
 *
 * @param sockets connections that hear the room, each as a guest of its own; {@code --sockets}, default 200
 * @param rate messages a second, sent when they are due whether or not earlier ones were answered; 0 sends the next when one
 *     is answered; {@code --rate}, default 200
 * @param inFlight messages without answer at rate 0; {@code --in-flight}, default 64
 * @param textBytes length of a message's text; {@code --text-bytes}, default 64
 * @param warmUp sent and verified, not measured; {@code --warm-up-s}, default 3 s
 * @param measured {@code --seconds}, default 10 s
 * @param product directory of the built distribution; {@code --product}
 * @param results directory the result is written to; {@code --results}
 */
record RoomLoadOptions(
    int sockets,
    int rate,
    int inFlight,
    int textBytes,
    Duration warmUp,
    Duration measured,
    Path product,
    Path results) {

  static final String USAGE = """
      ./madang bench [--sockets N] [--rate MESSAGES_PER_SECOND] [--seconds N] [--warm-up-s N] [--text-bytes N]
                     [--in-flight N] [--results DIRECTORY]
        --rate 0 sends the next message when an earlier one is answered, --in-flight at a time""";

  private static final Set<String> NAMES = Set.of(
      "--sockets",
      "--rate",
      "--in-flight",
      "--text-bytes",
      "--warm-up-s",
      "--seconds",
      "--product",
      "--results");

  /** What is wrong with the arguments, all of it. */
  static final class BadArgumentsException extends Exception {
    private static final long serialVersionUID = 1;

    BadArgumentsException(List<String> problems) {
      super(String.join("\n", problems));
    }
  }

  static RoomLoadOptions parse(String... arguments) throws BadArgumentsException {
    List<String> problems = new ArrayList<>();
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < arguments.length; i += 2) {
      if (!NAMES.contains(arguments[i])) {
        problems.add("There is no argument " + arguments[i] + ".");
      } else if (i + 1 == arguments.length) {
        problems.add(arguments[i] + " needs a value.");
      } else if (given.put(arguments[i], arguments[i + 1]) != null) {
        problems.add(arguments[i] + " is given twice.");
      }
    }
    Numbers numbers = new Numbers(given, problems);
    RoomLoadOptions options = new RoomLoadOptions(
        numbers.read("--sockets", 200, 1, 20_000),
        numbers.read("--rate", 200, 0, 100_000),
        numbers.read("--in-flight", 64, 1, 4_096),
        numbers.read("--text-bytes", 64, 1, 10_000),
        Duration.ofSeconds(numbers.read("--warm-up-s", 3, 0, 600)),
        Duration.ofSeconds(numbers.read("--seconds", 10, 1, 3_600)),
        Path.of(given.getOrDefault("--product", "distribution/target/madang")),
        Path.of(given.getOrDefault("--results", "benchmarks/results")));
    if (!problems.isEmpty()) {
      throw new BadArgumentsException(problems);
    }
    return options;
  }

  boolean isClosedLoop() {
    return rate == 0;
  }

  private record Numbers(Map<String, String> given, List<String> problems) {
    int read(String name, int usual, int least, int most) {
      String text = given.get(name);
      if (text == null) {
        return usual;
      }
      try {
        int value = Integer.parseInt(text);
        if (value >= least && value <= most) {
          return value;
        }
      } catch (NumberFormatException e) {
        // Said below, as for a number out of range.
      }
      problems.add(
          "%s is a whole number from %d to %d, unlike %s.".formatted(name, least, most, text));
      return usual;
    }
  }
}
