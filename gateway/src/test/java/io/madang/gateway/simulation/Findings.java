package io.madang.gateway.simulation;

import java.util.List;
import java.util.Optional;

/** The first thing that was wrong in a run, and what led to it. */
final class Findings {
  private static final int LINES = 160;

  private final Trace trace;
  private Optional<String> first = Optional.empty();
  private List<String> before = List.of();

  Findings(Trace trace) {
    this.trace = trace;
  }

  void wrong(String what) {
    if (first.isEmpty()) {
      trace.note(() -> "WRONG: " + what);
      first = Optional.of(what);
      before = trace.tail(LINES);
    }
  }

  Optional<String> first() {
    return first;
  }

  /** What happened up to the first, oldest first. */
  List<String> before() {
    return before;
  }
}
