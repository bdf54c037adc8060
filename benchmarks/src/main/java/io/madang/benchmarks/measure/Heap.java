package io.madang.benchmarks.measure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The heap of another JVM of this machine, asked with the JDK's {@code jcmd}. */
public final class Heap {
  private static final Pattern USED = Pattern.compile("\\bused (\\d+)K");
  private static final int LIMIT_SECONDS = 60;

  private Heap() {}

  /** Bytes in use after a whole collection. */
  public static long bytesAfterCollection(long pid) throws IOException {
    jcmd(pid, "GC.run");
    // What the first collection found dead by its references is freed by the second.
    jcmd(pid, "GC.run");
    String info = jcmd(pid, "GC.heap_info");
    Matcher used = USED.matcher(info);
    if (!used.find()) {
      throw new IOException("the JVM does not tell its heap: " + info);
    }
    return 1024 * Long.parseLong(used.group(1));
  }

  private static String jcmd(long pid, String command) throws IOException {
    Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin/jcmd").toString(),
            Long.toString(pid),
            command)
        .redirectErrorStream(true)
        .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException("jcmd " + command + " failed: " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return said;
  }
}
