package io.madang.system.garbage;

import io.madang.testkit.RedisLine;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One Redis database, looked at from outside. Blocking, for one thread. */
final class RedisContents implements AutoCloseable {
  private final RedisLine line;

  /**
   * Connects.
   *
   * @param url {@code redis://[:password@]host:port/number}
   */
  RedisContents(String url) {
    line = new RedisLine(url);
  }

  /** Every key with its value as Redis would store it; the time it has left to live is not part of that. */
  Map<String, String> values() {
    Map<String, String> values = new TreeMap<>();
    for (Object key : (List<?>) line.ask("KEYS", "*")) {
      String name = (String) key;
      values.put(name, String.valueOf(line.ask("DUMP", name)));
    }
    return values;
  }

  @Override
  public void close() {
    line.close();
  }

  /** The printable part of a value, for a report. */
  static String shown(String value) {
    return value.chars().allMatch(c -> c >= ' ' && c < 127)
        ? value
        : HexFormat.of().formatHex(value.getBytes(StandardCharsets.ISO_8859_1));
  }
}
