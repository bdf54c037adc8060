package io.madang.benchmarks.generator;

import io.madang.benchmarks.hearing.Ledger;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * The one thread of a generator: reads what came, sends what is due, does the errand it was sent on. Messages that are due go out
 * between two reads, so that a crowd of readable sockets does not make them late.
 */
final class ClientLoop {
  private static final int CHUNK_BYTES = 256 * 1024;
  private static final long MILLI = 1_000_000L;
  private static final long LONGEST_WAIT_MS = 50;
  private static final long SHORTEST_PAUSE = 50_000L;
  private static final long FIRST_BACKOFF_MS = 500;
  private static final long LAST_BACKOFF_MS = 30_000;
  private static final int MOST_DOUBLINGS = 6;

  private final Selector selector = Selector.open();
  private final Ledger ledger = new Ledger();
  private final Random random = new Random(1);
  private final List<Client> toFlush = new ArrayList<>();
  private final PriorityQueue<Return> returns = new PriorityQueue<>();
  private final SignsOfLife signsOfLife = new SignsOfLife();
  private byte[] chunk = new byte[CHUNK_BYTES];

  /** Null while nothing is sent. */
  private Load load;

  /** What it does beside; null when that is nothing. */
  private Errand errand;

  /** Clients that lost their connection, by how often they tried again without being ready. */
  private final Returning returning = new Returning();

  /** Odd, so that it is none of the load's. */
  private long nextRef = 3;

  /** A client that connects again at a time. */
  private record Return(long atNanos, Client client) implements Comparable<Return> {
    @Override
    public int compareTo(Return other) {
      return Long.compare(atNanos - other.atNanos, 0);
    }
  }

  ClientLoop() throws IOException {}

  Ledger ledger() {
    return ledger;
  }

  /** Clients that have to say something now and then to be kept. */
  SignsOfLife signsOfLife() {
    return signsOfLife;
  }

  Returning returning() {
    return returning;
  }

  void wakeUp() {
    selector.wakeup();
  }

  /** Begins to send. */
  void send(Load next) {
    load = next;
  }

  /** Null before anything was sent. */
  Load load() {
    return load;
  }

  /** What is to be done until it is done; one at a time. */
  void go(Errand next) {
    errand = next;
  }

  /** One round: waits a little if there is nothing to do. */
  void turn() throws IOException {
    await();
    long now = System.nanoTime();
    while (!returns.isEmpty() && returns.peek().atNanos - now <= 0) {
      returns.poll().client.connect();
    }
    if (load != null) {
      load.turn(now);
    }
    if (errand != null && errand.isDoneAfterTurn(now)) {
      errand = null;
    }
    signsOfLife.turn(now);
    flush();
  }

  private void await() throws IOException {
    long wait = waitNanos(System.nanoTime());
    if (wait >= MILLI) {
      selector.select(this::onKey, wait / MILLI);
    } else if (selector.selectNow(this::onKey) == 0 && wait > SHORTEST_PAUSE) {
      LockSupport.parkNanos(wait);
    }
  }

  private long waitNanos(long now) {
    long wait = LONGEST_WAIT_MS * MILLI;
    if (load != null && !load.isOver(now)) {
      wait = Math.min(wait, load.nanosUntilDue(now));
    }
    if (errand != null) {
      wait = Math.min(wait, MILLI);
    }
    if (!returns.isEmpty()) {
      wait = Math.min(wait, Math.max(MILLI, returns.peek().atNanos - now));
    }
    return Math.max(0, wait);
  }

  private void onKey(SelectionKey key) {
    Client client = (Client) key.attachment();
    if (key.isConnectable()) {
      client.onConnectable();
    }
    if (key.isValid() && key.isWritable()) {
      client.flush();
    }
    if (key.isValid() && key.isReadable()) {
      read(client);
    }
  }

  private void read(Client client) {
    if (client.kept() > chunk.length / 2) {
      chunk = new byte[2 * chunk.length];
    }
    long now = System.nanoTime();
    ledger.comesAt(now);
    client.read(chunk);
    if (load != null && load.isDue(now)) {
      load.turn(now);
      flush();
    }
  }

  private void flush() {
    for (int i = 0; i < toFlush.size(); i++) {
      toFlush.get(i).flush();
    }
    toFlush.clear();
  }

  // What clients say.

  SelectionKey register(SocketChannel channel, Client client) throws IOException {
    return channel.register(selector, SelectionKey.OP_CONNECT, client);
  }

  void toFlush(Client client) {
    toFlush.add(client);
  }

  long nextRef() {
    nextRef += 2;
    return nextRef;
  }

  void onReady(Client client) {
    returning.onReady(client, System.nanoTime());
    if (errand != null) {
      errand.onReady(client);
    }
  }

  void onAnswer(Client client, long ref, boolean good) {
    if (Load.isItsRef(ref)) {
      load.onAnswer(client, ref, good, System.nanoTime());
    } else if (errand != null) {
      errand.onAnswer(client, good);
    }
  }

  /** The server said when to come back; the end of the connection follows. */
  void onDisconnectSaid(Client client, int afterMs) {
    returning.isAskedToWait(client, afterMs);
  }

  /** A connection ended; its client comes back after a while if its group does, as our own clients do. */
  void onEnd(Client client, String why) {
    if (!client.group().returns()) {
      ledger.onUnwantedEnd(why);
      if (errand != null) {
        errand.onEnd(client, why);
      }
      return;
    }
    long now = System.nanoTime();
    int tries = returning.onEnd(client, why, now);
    long bound = Math.min(LAST_BACKOFF_MS, FIRST_BACKOFF_MS << Math.min(tries, MOST_DOUBLINGS));
    long wait = returning.waitMs(client) + random.nextLong(bound + 1);
    returns.add(new Return(now + wait * MILLI, client));
  }
}
