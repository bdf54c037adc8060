package io.madang.dashboard.cache;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps values as long as somebody asks for them again in time. Knows no clock.
 *
 * @param <V> what is kept
 */
public final class SlidingCache<V> {
  private final int maxEntries;
  private final long idleMs;
  private final Map<String, Entry<V>> entries = new LinkedHashMap<>(16, 0.75f, true) {
    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Entry<V>> eldest) {
      return size() > maxEntries;
    }
  };

  private record Entry<V>(V value, long usedMs) {}

  /**
   * Made empty.
   *
   * @param maxEntries the longest unused goes when there is one more
   * @param idleMs a value that nobody asked for so long is gone
   */
  public SlidingCache(int maxEntries, long idleMs) {
    this.maxEntries = maxEntries;
    this.idleMs = idleMs;
  }

  /** The value, which is then kept for as long again. */
  public Optional<V> use(String key, long nowMs) {
    Entry<V> entry = entries.get(key);
    if (entry == null || nowMs - entry.usedMs >= idleMs) {
      entries.remove(key);
      return Optional.empty();
    }
    entries.put(key, new Entry<>(entry.value, nowMs));
    return Optional.of(entry.value);
  }

  public void put(String key, V value, long nowMs) {
    entries.put(key, new Entry<>(value, nowMs));
  }

  /** Forgets it, if it is still {@code value}. */
  public void remove(String key, V value) {
    Entry<V> entry = entries.get(key);
    if (entry != null && entry.value == value) {
      entries.remove(key);
    }
  }

  public int size() {
    return entries.size();
  }
}
