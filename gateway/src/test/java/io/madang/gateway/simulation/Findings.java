package io.madang.gateway.simulation;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The first thing that was wrong in a run, and what led to it. */
final class Findings {
  private static final int LINES = 250;

  private final Trace trace;
  private Optional<String> first = Optional.empty();
  private List<String> before = List.of();

  Findings(Trace trace) {
    this.trace = trace;
  }

  /** @param about words of which a line must have one to belong to the story; none when all belong to it */
  void wrong(String what, String... about) {
    if (first.isEmpty()) {
      first = Optional.of(what);
      before = trace.tail(
          LINES,
          line -> about.length == 0
              || line.contains(Trace.CHAPTER)
              || Arrays.stream(about).anyMatch(line::contains));
    }
  }

  Optional<String> first() {
    return first;
  }

  /** What led to the first, oldest first. */
  List<String> before() {
    return before;
  }
}
