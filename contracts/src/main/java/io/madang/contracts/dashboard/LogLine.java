package io.madang.contracts.dashboard;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One line of a process's log.
 *
 * @param time when it was written, by the process's clock
 * @param level {@code TRACE}, {@code DEBUG}, {@code INFO}, {@code WARN} or {@code ERROR}
 * @param logger who wrote it
 * @param thread where
 * @param message what it says
 * @param failure the exception's class and message, without its stack
 * @param fields what stands beside the message
 */
public record LogLine(
    Instant time,
    String level,
    String logger,
    String thread,
    String message,
    Optional<String> failure,
    Map<String, String> fields) {
  public LogLine {
    fields = new TreeMap<>(fields);
  }
}
