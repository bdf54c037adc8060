package io.madang.benchmarks.measure;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a process has used so far.
 *
 * @param cpuSeconds of all processors, from {@code /proc/<pid>/stat}, in steps of a hundredth
 * @param writes calls of write and writev, from {@code syscw} in {@code /proc/<pid>/io}: files count too, send and sendmsg do not
 * @param residentBytes of memory, {@code VmRSS}
 */
public record ProcessCost(double cpuSeconds, long writes, long residentBytes) {
  private static final double TICKS_PER_SECOND = 100;
  private static final Path PROC = Path.of("/proc");

  /** Fields of {@code stat} behind the name, which may have blanks: the state is the first. */
  private static final int PARENT = 1;

  private static final int USER_TIME = 11;
  private static final int LAST_OWN_TIME = 12;
  private static final int LAST_TIME = 14;

  public static ProcessCost of(long pid) throws IOException {
    return new ProcessCost(
        seconds(stat(pid), LAST_OWN_TIME),
        number(PROC.resolve(pid + "/io"), "syscw:"),
        1024 * number(PROC.resolve(pid + "/status"), "VmRSS:"));
  }

  /** Seconds of a process, of its children that live, and of its children that it waited for. */
  public static double familyCpuSeconds(long pid) throws IOException {
    double sum = seconds(stat(pid), LAST_TIME);
    try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path each : all) {
        try {
          String[] stat = stat(Long.parseLong(each.getFileName().toString()));
          if (Long.parseLong(stat[PARENT]) == pid) {
            sum += seconds(stat, LAST_OWN_TIME);
          }
        } catch (IOException e) {
          // It ended while we looked.
        }
      }
    }
    return sum;
  }

  private static double seconds(String[] stat, int lastField) {
    long ticks = 0;
    for (int field = USER_TIME; field <= lastField; field++) {
      ticks += Long.parseLong(stat[field]);
    }
    return ticks / TICKS_PER_SECOND;
  }

  private static String[] stat(long pid) throws IOException {
    String line = Files.readString(PROC.resolve(pid + "/stat"));
    return line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
  }

  private static long number(Path file, String name) throws IOException {
    List<String> lines = Files.readAllLines(file);
    for (String line : lines) {
      if (line.startsWith(name)) {
        return Long.parseLong(line.substring(name.length()).replace("kB", "").strip());
      }
    }
    throw new IOException(file + " does not tell " + name);
  }

  /** What was used since. */
  public ProcessCost since(ProcessCost before) {
    return new ProcessCost(
        cpuSeconds - before.cpuSeconds,
        writes - before.writes,
        residentBytes - before.residentBytes);
  }
}
