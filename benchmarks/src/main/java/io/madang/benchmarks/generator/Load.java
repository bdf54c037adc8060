package io.madang.benchmarks.generator;

import io.madang.benchmarks.hearing.Ledger;
import io.madang.benchmarks.hearing.Mark;
import io.madang.benchmarks.hearing.Phase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * The messages that are sent. At a rate, each is due by the clock; without one, a client sends its next when one of its own is
 * answered, so many without answer at a time, and a message is due when it is sent.
 *
 * <p>A topic with as many others as there are senders, or more, has one sender; the only topic has all of them in turn.
 */
final class Load {
  private final Ledger ledger;
  private final List<Client> senders;
  private final Topics topics;
  private final int textBytes;

  /** Null without a rate. */
  private final Schedule schedule;

  private final int window;

  /** When the last message without a rate is sent; {@link System#nanoTime}. */
  private final long end;

  /** Number of this load's first message: those of earlier loads are below. */
  private final long first;

  /** Number of the next message. */
  private long next;

  /** Messages without answer. */
  private long waiting;

  /** When each message was due, from {@link #first} on. */
  private final Dues dues = new Dues();

  /** Place of each sender among them. */
  private final Map<Client, Integer> places = new HashMap<>();

  /** Messages by sender. */
  private final int[] sentBy;

  private boolean begun;
  private boolean stopped;

  /** Topics that messages go to. */
  record Topics(int count, LongFunction<String> name) {}

  private Load(
      Ledger ledger,
      List<Client> senders,
      Topics topics,
      int textBytes,
      Schedule schedule,
      int window,
      long end,
      long first) {
    this.ledger = ledger;
    this.senders = senders;
    this.topics = topics;
    this.textBytes = textBytes;
    this.schedule = schedule;
    this.window = window;
    this.end = end;
    this.first = first;
    this.next = first;
    this.sentBy = new int[senders.size()];
    for (Client sender : senders) {
      places.put(sender, places.size());
    }
  }

  static Load atRate(
      Ledger ledger,
      List<Client> senders,
      Topics topics,
      int textBytes,
      Schedule schedule,
      long first) {
    return new Load(ledger, senders, topics, textBytes, schedule, 0, 0, first);
  }

  static Load whenAnswered(
      Ledger ledger,
      List<Client> senders,
      Topics topics,
      int textBytes,
      int window,
      long end,
      long first) {
    return new Load(ledger, senders, topics, textBytes, null, window, end, first);
  }

  /** Sends what is due. */
  void turn(long now) {
    if (schedule != null) {
      while (isDue(now)) {
        long number = schedule.take();
        long topic = number % topics.count();
        int sender = (int) ((topics.count() == 1 ? number : topic) % senders.size());
        send(senders.get(sender), sender, topic, schedule.dueNanos(number));
      }
    } else if (!begun) {
      begun = true;
      for (int i = 0; i < window * senders.size(); i++) {
        sendWhenFree(i % senders.size(), now);
      }
    }
  }

  private void sendWhenFree(int sender, long now) {
    if (now - end < 0 && !stopped) {
      int own = (topics.count() - 1 - sender) / senders.size() + 1;
      long topic =
          topics.count() == 1 ? 0 : sender + (long) (sentBy[sender] % own) * senders.size();
      send(senders.get(sender), sender, topic, now);
    }
  }

  private void send(Client client, int sender, long topic, long due) {
    long number = next++;
    sentBy[sender]++;
    dues.add(due);
    Phase phase = ledger.phaseOf(due);
    if (phase != null) {
      phase.sent();
    }
    byte[] text = Mark.text(textBytes, number, sender, due);
    client.say(client.group().door().letter(ref(number), topics.name().apply(topic), text));
    if (client.group().door().answers()) {
      waiting++;
    } else {
      ledger.onAccepted(number, due);
    }
  }

  /** Even and above the few small ones; those of errands are odd. */
  private static long ref(long number) {
    return 2 * number + 2;
  }

  static boolean isItsRef(long ref) {
    return ref > 0 && ref % 2 == 0;
  }

  void onAnswer(Client client, long ref, boolean good, long now) {
    long number = (ref - 2) / 2;
    waiting--;
    if (good) {
      ledger.onAccepted(number, dues.of(number - first));
    }
    if (schedule == null) {
      sendWhenFree(places.get(client), now);
    }
  }

  boolean isDue(long now) {
    return schedule != null && !stopped && schedule.isDue(now);
  }

  /** Whether all is sent. */
  boolean isOver(long now) {
    return stopped || (schedule != null ? schedule.isOver() : begun && now - end >= 0);
  }

  /** What is not sent yet never is. */
  void stop() {
    stopped = true;
  }

  boolean isAnswered() {
    return waiting == 0;
  }

  /** A positive number of nanoseconds until something is due; large when nothing is, before something is answered. */
  long nanosUntilDue(long now) {
    return schedule == null ? Long.MAX_VALUE : schedule.nanosUntilDue(now);
  }

  /** Number after that of the last message sent. */
  long after() {
    return next;
  }
}
