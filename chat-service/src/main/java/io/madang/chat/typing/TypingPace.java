package io.madang.chat.typing;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Keeps what is told of one user's typing in one room to once in {@link #everyMs}. What comes sooner waits for its turn, the
 * newest in place of older ones, so that the last word is always told; saying the same again is not told at all until then.
 *
 * @param <K> user and room
 */
public final class TypingPace<K> {
  private final long everyMs;
  private final Map<K, Told> told;

  /** What was last told of a key, and what is to be told next; a null next is nothing. */
  private static final class Told {
    long atMs;
    long turn;
    boolean value;
    Boolean next;
  }

  /**
   * Made for a number of typists.
   *
   * @param everyMs shortest time between two tellings
   * @param maxKeys typists remembered; the longest silent are forgotten, and may then be told at once again
   */
  public TypingPace(long everyMs, int maxKeys) {
    this.everyMs = everyMs;
    this.told = new LinkedHashMap<>(64, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<K, Told> eldest) {
        return size() > maxKeys;
      }
    };
  }

  /**
   * Somebody says that they type, or do not.
   *
   * @param turn grows with each word; a word older than the newest said is nothing any more
   * @return 0: tell it now; above 0: ask {@link #due} in so many milliseconds; empty: nothing is to be done
   */
  public OptionalLong say(K key, boolean value, long turn, long nowMs) {
    Told last = told.get(key);
    if (last != null && turn < last.turn) {
      return OptionalLong.empty();
    }
    if (last == null || nowMs - last.atMs >= everyMs) {
      Told now = last == null ? new Told() : last;
      now.atMs = nowMs;
      now.turn = turn;
      now.value = value;
      now.next = null;
      told.put(key, now);
      return OptionalLong.of(0);
    }
    boolean timed = last.next != null;
    last.turn = turn;
    last.next = value;
    return timed ? OptionalLong.empty() : OptionalLong.of(last.atMs + everyMs - nowMs);
  }

  /** Whether something is to be told now; then {@link #value} is it. */
  public boolean due(K key, long nowMs) {
    Told last = told.get(key);
    if (last == null || last.next == null) {
      return false;
    }
    boolean changed = last.next != last.value;
    last.value = last.next;
    last.next = null;
    if (changed) {
      last.atMs = nowMs;
    }
    return changed;
  }

  /** What was last told. */
  public boolean value(K key) {
    return told.get(key).value;
  }
}
