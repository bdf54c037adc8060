package io.madang.benchmarks.room;

import io.madang.client.MadangClient;
import io.madang.protocol.json.RawJson;
import java.util.BitSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends the load through one client. At a rate, message n is due n intervals after the first, and its latency counts from then,
 * also when the sender or the product was late: a stall delays many messages and each of them says so. Without a rate it sends
 * when a place is free, and latencies count from the sending.
 */
final class Sender {
  private final MadangClient client;
  private final RoomLoadOptions options;
  private final SentMessages sent;
  private final RawJson arguments;

  /** Numbers of the messages whose result came; guarded by itself. */
  private final BitSet accepted = new BitSet();

  private final AtomicInteger failed = new AtomicInteger();
  private final Semaphore answered = new Semaphore(0);

  Sender(MadangClient client, RoomLoadOptions options, String room, SentMessages sent) {
    this.client = client;
    this.options = options;
    this.sent = sent;
    this.arguments = RawJson.trusted(
        "{\"room\":\"" + room + "\",\"text\":\"" + "x".repeat(options.textBytes()) + "\"}");
  }

  /**
   * Sends for a time.
   *
   * @param from number of the first message
   * @return number after the last one
   */
  int sendFor(long nanos, int from) throws InterruptedException {
    return options.isClosedLoop() ? sendWhenFree(nanos, from) : sendAtRate(nanos, from);
  }

  private int sendAtRate(long nanos, int from) {
    long begin = System.nanoTime();
    int count = (int) (options.rate() * nanos / 1_000_000_000L);
    for (int i = 0; i < count; i++) {
      long due = begin + i * 1_000_000_000L / options.rate();
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      send(from + i, due);
    }
    return from + count;
  }

  private int sendWhenFree(long nanos, int from) throws InterruptedException {
    long end = System.nanoTime() + nanos;
    int next = from;
    int free = options.inFlight();
    while (System.nanoTime() - end < 0 && next < sent.most()) {
      if (free == 0) {
        answered.acquire();
        free = 1 + answered.drainPermits();
      }
      free--;
      send(next++, System.nanoTime());
    }
    awaitAnswers(options.inFlight() - free);
    return next;
  }

  private void awaitAnswers(int count) throws InterruptedException {
    answered.acquire(count);
  }

  private void send(int number, long due) {
    sent.isDue(number, due);
    var unused = client
        .command("chat", "sendToRoom", SentMessages.id(number), arguments)
        .handle((result, failure) -> {
          if (failure == null) {
            synchronized (accepted) {
              accepted.set(number);
            }
          } else {
            failed.incrementAndGet();
          }
          answered.release();
          return true;
        });
  }

  BitSet accepted() {
    synchronized (accepted) {
      return (BitSet) accepted.clone();
    }
  }

  int failed() {
    return failed.get();
  }

  /** Messages that have their answer, good or bad. */
  int done() {
    return accepted().cardinality() + failed();
  }
}
