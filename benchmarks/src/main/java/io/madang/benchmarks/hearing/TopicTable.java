package io.madang.benchmarks.hearing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Topics by their names as they stand in bytes, found without making a text of them. */
public final class TopicTable {
  private static final int FEW = 64;

  private static final class Entry {
    private final byte[] name;
    private final TopicLog log;
    private final Entry next;

    Entry(byte[] name, TopicLog log, Entry next) {
      this.name = name;
      this.log = log;
      this.next = next;
    }
  }

  /** Chains of entries by the hash of their names; as many as a power of two. */
  private Entry[] chains = new Entry[FEW];

  private final List<TopicLog> logs = new ArrayList<>();

  /** Made where it is missing. */
  public TopicLog find(byte[] bytes, int from, int to) {
    int hash = hash(bytes, from, to);
    for (Entry entry = chains[hash & chains.length - 1]; entry != null; entry = entry.next) {
      if (Arrays.equals(entry.name, 0, entry.name.length, bytes, from, to)) {
        return entry.log;
      }
    }
    return add(Arrays.copyOfRange(bytes, from, to));
  }

  private TopicLog add(byte[] name) {
    if (logs.size() == chains.length) {
      grow();
    }
    TopicLog log = new TopicLog(new String(name, StandardCharsets.UTF_8));
    logs.add(log);
    put(name, log);
    return log;
  }

  private void grow() {
    Entry[] before = chains;
    chains = new Entry[before.length * 4];
    for (Entry first : before) {
      for (Entry entry = first; entry != null; entry = entry.next) {
        put(entry.name, entry.log);
      }
    }
  }

  private void put(byte[] name, TopicLog log) {
    int chain = hash(name, 0, name.length) & chains.length - 1;
    chains[chain] = new Entry(name, log, chains[chain]);
  }

  private static int hash(byte[] bytes, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + bytes[i];
    }
    return hash ^ hash >>> 15;
  }

  public List<TopicLog> all() {
    return logs;
  }
}
