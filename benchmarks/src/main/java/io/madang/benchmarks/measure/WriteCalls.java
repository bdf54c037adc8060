package io.madang.benchmarks.measure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Calls by which processes give bytes to the kernel, counted by the kernel for {@code perf stat}: write, writev, sendto and sendmsg.
 * The count in {@code /proc/<pid>/io} knows the first two only, and native transports use the others.
 */
public final class WriteCalls {
  private static final String EVENTS =
      "syscalls:sys_enter_write,syscalls:sys_enter_writev,syscalls:sys_enter_sendto,syscalls:sys_enter_sendmsg";
  private static final long START_LIMIT_SECONDS = 10;

  private WriteCalls() {}

  /** Waits for that time and tells how many there were; empty where there is no perf or it may not count. */
  public static OptionalLong during(Duration time, Collection<Long> pids) {
    String all = pids.stream().map(String::valueOf).collect(Collectors.joining(","));
    try {
      Process perf = new ProcessBuilder(
              "perf",
              "stat",
              "-x,",
              "-e",
              EVENTS,
              "-p",
              all,
              "sleep",
              Long.toString(time.toSeconds()))
          .redirectErrorStream(true)
          .start();
      String said = new String(perf.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      boolean counted =
          perf.waitFor(START_LIMIT_SECONDS, TimeUnit.SECONDS) && perf.exitValue() == 0;
      return counted ? sum(said) : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalLong.empty();
    }
  }

  /** Of lines that begin with a count and a comma. */
  static OptionalLong sum(String lines) {
    long sum = 0;
    for (String line : lines.lines().filter(line -> line.contains("syscalls:")).toList()) {
      String count = line.substring(0, line.indexOf(','));
      if (count.isEmpty() || !count.chars().allMatch(Character::isDigit)) {
        return OptionalLong.empty();
      }
      sum += Long.parseLong(count);
    }
    return sum == 0 ? OptionalLong.empty() : OptionalLong.of(sum);
  }
}
