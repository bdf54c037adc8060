package io.madang.chat.password;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Counts the passwords that users got wrong, so that nobody tries a list of them: after {@value #MAX_WRONG} within a minute
 * the user waits until the minute is over. A plain object without a clock; each node counts for itself.
 */
public final class WrongTries {
  public static final int MAX_WRONG = 10;

  private static final long WINDOW_MS = 60_000;

  /** Users remembered; the longest quiet are forgotten. */
  private static final int MAX_USERS = 10_000;

  private final Map<String, Count> counts = new LinkedHashMap<>(64, 0.75f, true) {
    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Count> eldest) {
      return size() > MAX_USERS;
    }
  };

  /** Wrong tries since the first of a minute. */
  private static final class Count {
    long sinceMs;
    int wrong;
  }

  /** How long the user must wait before the next try; empty: not at all. */
  public OptionalLong waitMs(String user, long nowMs) {
    Count count = counts.get(user);
    return count == null || count.wrong < MAX_WRONG || nowMs - count.sinceMs >= WINDOW_MS
        ? OptionalLong.empty()
        : OptionalLong.of(count.sinceMs + WINDOW_MS - nowMs);
  }

  /** Another wrong one. */
  public void wrong(String user, long nowMs) {
    Count count = counts.computeIfAbsent(user, first -> new Count());
    if (count.wrong == 0 || nowMs - count.sinceMs >= WINDOW_MS) {
      count.sinceMs = nowMs;
      count.wrong = 0;
    }
    count.wrong++;
  }
}
