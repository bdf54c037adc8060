package io.madang.benchmarks.room;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * When each message of the load was due, by its number; written by the sender, read by whoever hears the message. The id of its
 * command carries the number.
 */
final class SentMessages {
  private static final String ID_PREFIX = "load-";

  private final AtomicLongArray dueNanos;

  SentMessages(int most) {
    dueNanos = new AtomicLongArray(most);
  }

  static String id(int number) {
    return ID_PREFIX + number;
  }

  /** Number of the message that this command sent; -1 when it is none of the load's. */
  static int number(String commandId) {
    return commandId.startsWith(ID_PREFIX)
        ? Integer.parseInt(commandId.substring(ID_PREFIX.length()))
        : -1;
  }

  int most() {
    return dueNanos.length();
  }

  /** @param nanos by {@link System#nanoTime} */
  void isDue(int number, long nanos) {
    dueNanos.set(number, nanos);
  }

  long dueNanos(int number) {
    return dueNanos.get(number);
  }
}
