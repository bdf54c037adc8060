package io.madang.runtime.bus;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which numbered messages of each sender came already, so that none that was recorded on its way is taken again. One thread only.
 *
 * <p>A sender's messages come nearly in order; one that is {@value #WINDOW} behind its newest is refused with those that came.
 */
final class SeenNumbers {
  static final int WINDOW = 65_536;

  /** Incarnations of nodes; the one unheard for longest is forgotten, whose process is gone. */
  static final int MAX_SENDERS = 1_024;

  private final Map<String, Window> senders = new LinkedHashMap<>(16, 0.75f, true) {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Window> eldest) {
      return size() > MAX_SENDERS;
    }
  };

  private static final class Window {
    private long newest;

    /** The bit of a number is its rest by {@link #WINDOW}; set for those that came. */
    private final BitSet came = new BitSet();
  }

  /** Whether it comes for the first time; it has come then. */
  boolean isNew(String sender, long number) {
    Window window = senders.computeIfAbsent(sender, first -> new Window());
    if (number <= window.newest - WINDOW || number < 1) {
      return false;
    }
    if (number > window.newest) {
      forget(window, number);
      window.newest = number;
    }
    int bit = (int) (number % WINDOW);
    boolean isNew = !window.came.get(bit);
    window.came.set(bit);
    return isNew;
  }

  /** What lies between takes the bits of what is too old now. */
  private static void forget(Window window, long upTo) {
    if (upTo - window.newest >= WINDOW) {
      window.came.clear();
      return;
    }
    for (long each = window.newest + 1; each <= upTo; each++) {
      window.came.clear((int) (each % WINDOW));
    }
  }
}
