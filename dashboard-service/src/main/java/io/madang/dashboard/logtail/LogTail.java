package io.madang.dashboard.logtail;

import io.madang.contracts.dashboard.LogLine;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The newest lines of a log, each with a number one above the one before. One owner, one thread. */
public final class LogTail {
  /** A ring: the line with number n lies at n modulo the capacity; null where none is. */
  private final LogLine[] ring;

  /** Number of the oldest line there is; equal to {@link #next} when there is none. */
  private long oldest;

  /** Number of the line that comes next. */
  private long next;

  /** Who wants to know of new lines. */
  private final Set<Runnable> readers = new LinkedHashSet<>();

  /** Keeps nothing yet; later the newest {@code capacity} lines. */
  public LogTail(int capacity) {
    ring = new LogLine[capacity];
  }

  /** Takes one line; the oldest goes when there are too many. */
  public void add(LogLine line) {
    ring[(int) (next % ring.length)] = line;
    next++;
    oldest = Math.max(oldest, next - ring.length);
    // A reader may leave while it is told.
    List.copyOf(readers).forEach(Runnable::run);
  }

  /** Counts lines that were written and not taken: they and all before them are gone. */
  public void skip(long count) {
    next += count;
    oldest = next;
  }

  /** Number of the oldest line there is. */
  public long oldest() {
    return oldest;
  }

  /** Number of the line that comes next. */
  public long next() {
    return next;
  }

  /** A line by its number; absent when it is gone or not yet there. */
  public Optional<LogLine> line(long number) {
    return number >= oldest && number < next ? Optional.of(ring[(int) (number % ring.length)]) : Optional.empty();
  }

  public void addReader(Runnable onNewLine) {
    readers.add(onNewLine);
  }

  public void removeReader(Runnable onNewLine) {
    readers.remove(onNewLine);
  }
}
