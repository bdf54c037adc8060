package io.madang.benchmarks.generator;

import io.madang.benchmarks.hearing.Tally;
import java.util.HashMap;
import java.util.Map;

/** Clients whose connection ended and who come back: how many are away, when the last one was there again, what they met. */
final class Returning {
  /** Attempts since the connection ended, by client that is away. */
  private final Map<Client, Integer> away = new HashMap<>();

  /** How often connections ended or attempts failed, by the reason. */
  private final Map<String, Integer> reasons = new HashMap<>();

  /** How long each one was away. */
  private final Tally times = new Tally();

  /** When the first of those who are or were away lost its connection; 0 before. */
  private long firstEnd;

  private long lastBack;

  /** Milliseconds their server asked them to wait. */
  private final Map<Client, Integer> waits = new HashMap<>();

  private final Map<Client, Long> since = new HashMap<>();

  /** Takes up its server's word of when to come back. */
  void isAskedToWait(Client client, int ms) {
    waits.put(client, ms);
  }

  /** What its server asked for at least; 0 when it said nothing. Counts once. */
  int waitMs(Client client) {
    Integer asked = waits.remove(client);
    return asked == null ? 0 : asked;
  }

  /** @return attempts it made since it was there */
  int onEnd(Client client, String why, long now) {
    if (firstEnd == 0) {
      firstEnd = now;
    }
    since.putIfAbsent(client, now);
    reasons.merge(why, 1, Integer::sum);
    int tries = away.merge(client, 1, Integer::sum);
    return tries - 1;
  }

  void onReady(Client client, long now) {
    if (away.remove(client) != null) {
      times.add(now - since.remove(client));
      lastBack = now;
    }
  }

  int away() {
    return away.size();
  }

  Tally times() {
    return times;
  }

  Map<String, Integer> reasons() {
    return reasons;
  }

  /** From the first end until the last one was back. */
  long tookNanos() {
    return firstEnd == 0 ? 0 : lastBack - firstEnd;
  }
}
