package io.madang.benchmarks.generator;

import java.util.List;

/** Connects clients, so many a second and so many at a time. */
final class Opening implements Errand {
  private static final int MOST_AT_ONCE = 250;
  private static final long SECOND = 1_000_000_000L;

  private final List<Client> clients;
  private final int perSecond;
  private final Runnable done;

  /** When it began; 0 before the first turn. */
  private long begin;

  private int begun;
  private int ready;
  private int failed;

  Opening(List<Client> clients, int perSecond, Runnable done) {
    this.clients = clients;
    this.perSecond = perSecond;
    this.done = done;
  }

  @Override
  public boolean isDoneAfterTurn(long now) {
    if (begin == 0) {
      begin = now;
    }
    long allowed = (now - begin) * perSecond / SECOND + 1;
    while (begun < clients.size() && begun < allowed && begun - ready - failed < MOST_AT_ONCE) {
      clients.get(begun).connect();
      begun++;
    }
    if (ready + failed < clients.size()) {
      return false;
    }
    done.run();
    return true;
  }

  @Override
  public void onReady(Client client) {
    ready++;
  }

  @Override
  public void onEnd(Client client, String why) {
    failed++;
  }
}
