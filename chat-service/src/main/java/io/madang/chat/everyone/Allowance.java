package io.madang.chat.everyone;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often each user may do something: so many times in a window that begins with the first of them. Knows no clock. Each node
 * counts for itself; as what it counts is about one topic, all of it comes to one node while nothing is amiss.
 */
public final class Allowance {
  /** Users remembered; the longest silent are forgotten, and begin anew. */
  static final int MAX_USERS = 10_000;

  private final int times;
  private final long windowMs;
  private final Map<String, Window> windows = new LinkedHashMap<>(64, 0.75f, true) {
    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Window> eldest) {
      return size() > MAX_USERS;
    }
  };

  /** When a user's window began, and how much of it is used up. */
  private static final class Window {
    long sinceMs;
    int used;
  }

  public Allowance(int times, long windowMs) {
    this.times = times;
    this.windowMs = windowMs;
  }

  /** Whether the user may do it once more; then it is counted. */
  public boolean takes(String user, long nowMs) {
    Window window = windows.computeIfAbsent(user, first -> new Window());
    if (window.used == 0 || nowMs - window.sinceMs >= windowMs) {
      window.sinceMs = nowMs;
      window.used = 0;
    }
    if (window.used >= times) {
      return false;
    }
    window.used++;
    return true;
  }

  /** How long until the user's window ends; 0 where none is open. */
  public long waitMs(String user, long nowMs) {
    Window window = windows.get(user);
    return window == null ? 0 : Math.max(0, window.sinceMs + windowMs - nowMs);
  }
}
