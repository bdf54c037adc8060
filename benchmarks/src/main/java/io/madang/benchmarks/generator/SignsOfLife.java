package io.madang.benchmarks.generator;

import java.util.ArrayList;
import java.util.List;

/** Has each of its clients say something every five seconds, one after the other and not all at once. */
final class SignsOfLife {
  private static final long ROUND_NANOS = 5_000_000_000L;

  private final List<Client> clients = new ArrayList<>();

  /** When the present round began; 0 before the first. */
  private long begin;

  /** The next one of this round. */
  private int next;

  void add(List<Client> more) {
    clients.addAll(more);
  }

  void turn(long now) {
    if (clients.isEmpty()) {
      return;
    }
    if (begin == 0) {
      begin = now;
    }
    long due = (now - begin) * clients.size() / ROUND_NANOS;
    while (next <= due && next < clients.size()) {
      Client client = clients.get(next++);
      if (client.isReady()) {
        client.say(client.group().door().signOfLife());
      }
    }
    if (next == clients.size() && now - begin >= ROUND_NANOS) {
      begin = now;
      next = 0;
    }
  }
}
