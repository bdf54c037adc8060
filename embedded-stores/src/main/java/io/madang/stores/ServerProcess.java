package io.madang.stores;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One life of a server: a child process in a session of its own, so that neither Ctrl-C nor a closed
 * terminal reaches it, writing to a log file that outlives us.
 */
final class ServerProcess {
  private static final long LOG_LIMIT_BYTES = 8L << 20;
  private static final int TAIL_BYTES = 16 << 10;

  /** Words that mark the line in which a server says why it gives up, the worst first. */
  private static final List<Pattern> COMPLAINTS = List.of(
      Pattern.compile("(?:PANIC|FATAL):\\s+(.*)"),
      Pattern.compile("(?i)(?:^|\\W)(?:error|can't|cannot|fatal|could not|failed)\\b.*"));

  private final Process process;
  private final Path log;
  private final long logStart;

  private ServerProcess(Process process, Path log, long logStart) {
    this.process = process;
    this.log = log;
    this.logStart = logStart;
  }

  static ServerProcess spawn(List<String> command, Path directory, Path log) {
    try {
      if (Files.exists(log) && Files.size(log) > LOG_LIMIT_BYTES) {
        Path old = log.resolveSibling(log.getFileName() + ".old");
        Files.move(log, old, StandardCopyOption.REPLACE_EXISTING);
      }
      long logStart = Files.exists(log) ? Files.size(log) : 0;
      ProcessBuilder builder = new ProcessBuilder(HostCommand.join(ownSession(), command))
          .directory(directory.toFile())
          .redirectInput(new File("/dev/null"))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      HostCommand.plainEnvironment(builder.environment());
      return new ServerProcess(builder.start(), log, logStart);
    } catch (IOException e) {
      throw new StoreStartException(
          "%s cannot be started (%s); see that its place allows programs to run"
              .formatted(command.get(command.size() - 1), e.getMessage()),
          e);
    }
  }

  /** The words that make a session and become the program itself, so that the pid stays ours. */
  private static List<String> ownSession() {
    if (HostCommand.installed("setsid")) {
      return List.of("setsid");
    }
    // macOS has no setsid, but perl.
    return List.of("perl", "-MPOSIX", "-e", "POSIX::setsid(); exec(@ARGV) or die $!", "--");
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  void kill() {
    process.destroyForcibly();
  }

  boolean endsWithin(Duration limit) {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !process.isAlive();
    }
  }

  void awaitEnd() throws InterruptedException {
    process.waitFor();
  }

  String exit() {
    return process.isAlive() ? "still running" : "exit " + process.exitValue();
  }

  /** Everything this life wrote so far, the end of it when it is long. */
  String output() {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      long from = Math.max(Math.min(logStart, file.length()), file.length() - TAIL_BYTES);
      byte[] tail = new byte[(int) (file.length() - from)];
      file.seek(from);
      file.readFully(tail);
      return new String(tail, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  /** The line of the log that says best why it ended. */
  String complaint() {
    List<String> lines = output().lines().toList();
    for (Pattern pattern : COMPLAINTS) {
      for (String line : lines) {
        Matcher matcher = pattern.matcher(line);
        if (matcher.find()) {
          return matcher.groupCount() > 0 ? matcher.group(1).trim() : line.trim();
        }
      }
    }
    return lines.isEmpty() ? exit() : lines.get(lines.size() - 1).trim();
  }
}
