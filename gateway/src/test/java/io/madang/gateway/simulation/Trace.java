package io.madang.gateway.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.zip.CRC32;

/** What happened last in a run, in lines that begin with the virtual second. */
final class Trace {
  /** Begins what happened to the mesh as a whole. */
  static final String CHAPTER = "---- ";

  private static final int LINES = 20_000;

  private final Deque<String> lines = new ArrayDeque<>();
  private final CRC32 sum = new CRC32();
  private final LongSupplier nanos;

  Trace(LongSupplier nanos) {
    this.nanos = nanos;
  }

  void note(Supplier<String> what) {
    String line = String.format(Locale.ROOT, "%9.4f  %s", nanos.getAsLong() / 1e9 - 1_000, what.get());
    sum.update(line.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    lines.addLast(line);
    if (lines.size() > LINES) {
      lines.removeFirst();
    }
  }

  /** Equal for two runs that went the same way. */
  long sum() {
    return sum.getValue();
  }

  /** The newest lines that belong to the story, oldest first. */
  List<String> tail(int most, Predicate<String> belongs) {
    List<String> all = lines.stream().filter(belongs).map(Trace::brief).toList();
    return all.subList(Math.max(0, all.size() - most), all.size());
  }

  private static String brief(String line) {
    return line.replaceAll("StreamPosition\\[epoch=([^,]*), offset=(\\d+)]", "$1@$2")
        .replaceAll("Optional\\[([^\\[\\]]*)]", "$1")
        .replaceAll("(, )?[a-zA-Z]+=Optional.empty", "")
        .replaceAll(", (time|message|details)=[^,\\]]*", "");
  }
}
