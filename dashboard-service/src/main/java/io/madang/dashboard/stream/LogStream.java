package io.madang.dashboard.stream;

import io.madang.contracts.dashboard.DashboardJson;
import io.madang.contracts.dashboard.LogLine;
import io.madang.dashboard.logtail.LogTail;
import io.madang.runtime.service.StreamSink;
import io.madang.runtime.topic.Payload;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One reader of the {@link LogTail}: first what is there, then what comes. A reader without credit is waited for; when the tail
 * has moved on meanwhile, an item says how many lines it missed.
 */
public final class LogStream {
  /** From the least to the gravest. */
  private static final List<String> LEVELS = List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR");

  /** What .NET calls them. */
  private static final Map<String, String> OTHER_NAMES =
      Map.of("INFORMATION", "INFO", "WARNING", "WARN", "CRITICAL", "ERROR");

  /** How .NET counts them, from the least to the gravest. */
  private static final List<String> BY_NUMBER =
      List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "ERROR");

  /** The highest number of a level. */
  public static final int MAX_NUMBER = 5;

  private final LogTail tail;
  private final String node;
  private final int minLevel;
  private final StreamSink sink;

  /** Number of the line that is next for this reader. */
  private long next;

  private LogStream(LogTail tail, String node, String minLevel, StreamSink sink) {
    this.tail = tail;
    this.node = node;
    this.minLevel = LEVELS.indexOf(minLevel);
    this.sink = sink;
    this.next = tail.oldest();
  }

  /** The level of that name, in any case; empty when there is none. */
  public static Optional<String> level(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return Optional.of(OTHER_NAMES.getOrDefault(upper, upper)).filter(LEVELS::contains);
  }

  /** The level of that number, from 0 to {@value #MAX_NUMBER}. */
  public static String level(int number) {
    return BY_NUMBER.get(number);
  }

  /**
   * Sends until the reader cancels.
   *
   * @param node whose log it is
   * @param minLevel as {@link #level} has it
   */
  public static void open(LogTail tail, String node, String minLevel, StreamSink sink) {
    LogStream stream = new LogStream(tail, node, minLevel, sink);
    Runnable pump = stream::pump;
    tail.addReader(pump);
    sink.onCancel(() -> tail.removeReader(pump));
    sink.onCredit(pump);
    stream.pump();
  }

  private void pump() {
    if (next < tail.oldest()) {
      if (!sink.item(Payload.wrap(DashboardJson.missedLines(tail.oldest() - next)))) {
        return;
      }
      next = tail.oldest();
    }
    while (next < tail.next()) {
      LogLine line = tail.line(next).orElseThrow();
      if (LEVELS.indexOf(line.level()) >= minLevel
          && !sink.item(Payload.wrap(DashboardJson.log(node, line)))) {
        return;
      }
      next++;
    }
  }
}
