package io.madang.gateway.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** What happened last in a run, in lines that begin with the virtual second. */
final class Trace {
  /** Begins what happened to the mesh as a whole. */
  static final String CHAPTER = "---- ";

  private static final int LINES = 20_000;

  private record Line(long nanos, Supplier<String> what) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%9.4f  %s", nanos / 1e9 - 1_000, what.get());
    }
  }

  private final Deque<Line> lines = new ArrayDeque<>();
  private final LongSupplier nanos;
  private long sum;

  Trace(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** @param what is asked only if it comes to be told, so it must not change any more */
  void note(Supplier<String> what) {
    long now = nanos.getAsLong();
    sum = sum * 31 + now;
    lines.addLast(new Line(now, what));
    if (lines.size() > LINES) {
      lines.removeFirst();
    }
  }

  /** Equal for two runs that went the same way. */
  long sum() {
    return sum;
  }

  /** The newest lines that belong to the story, oldest first. */
  List<String> tail(int most, Predicate<String> belongs) {
    List<String> all =
        lines.stream().map(Line::toString).filter(belongs).map(Trace::brief).toList();
    return all.subList(Math.max(0, all.size() - most), all.size());
  }

  private static String brief(String line) {
    return line.replaceAll("StreamPosition\\[epoch=([^,]*), offset=(\\d+)]", "$1@$2")
        .replaceAll("Optional\\[([^\\[\\]]*)]", "$1")
        .replaceAll("(, )?[a-zA-Z]+=Optional.empty", "")
        .replaceAll(", (time|message|details)=[^,\\]]*", "");
  }
}
