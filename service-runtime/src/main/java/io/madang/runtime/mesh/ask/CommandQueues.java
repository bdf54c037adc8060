package io.madang.runtime.mesh.ask;

import io.madang.runtime.bus.Place;
import io.madang.runtime.bus.Reply;
import io.madang.runtime.command.CommandCall;
import io.madang.runtime.membership.Rendezvous;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Commands that must be begun in the order they were given, as a plain object: no clock, no bus. One writer: the mesh loop.
 *
 * <p>What one connection asks about one topic is a queue. All of it that is under way is at <em>one</em> node, sent one behind
 * the other as a <em>chain</em>, any number at a time; the node begins each only behind the one before it. So there are three
 * rules, and the order of first executions follows from them (docs/adr/0011 tells why):
 *
 * <ul>
 *   <li>A node that did not answer in time is given up with everything that is under way there: all of it is sent again, in
 *       order, before anything newer, to the next node. What does not fit the budget of retries stays where it is, and what
 *       was too late of it is answered with {@code unavailable}.
 *   <li>What a node did not begin is sent again without costing a retry: to the same node when one before it was lost on the way,
 *       else to another, but only when nothing of the queue is under way any more.
 *   <li>A node that takes no commands now gets nothing new; that waits for what is under way there.
 * </ul>
 *
 * <p>A queue is there while something of it is unanswered.
 */
final class CommandQueues {
  static final long ATTEMPT_MS = RoutingClient.ATTEMPT_MS;

  /** How long what is not begun anywhere is offered: a service that starts or moves is away this long. */
  static final long OFFER_MS = 3_000;

  /** What is older is not sent again. */
  static final long GIVE_UP_MS = 10_000;

  /** Whose commands must keep their order. */
  record Key(String connection, String service, String topic) {}

  /** Who waits for a command; told exactly once. */
  interface Waiting {
    void answered(Reply reply);

    /** What became of it is not known. */
    void unavailable(String why);
  }

  /** What the queues need of the mesh. */
  interface Nodes {
    /** Nodes that take commands of the service. */
    List<String> accepting(String service);

    boolean accepts(String node, String service);

    /** Sends and forgets. */
    void send(String node, long id, String service, Place place, CommandCall call);

    /** A number that no other question of this node has. */
    long nextId();
  }

  private static final class Item {
    final CommandCall call;
    final Waiting waiting;
    final long sinceMs;

    /** Number of the question that is under way; 0 when none is. */
    long question;

    /** Of that question, when it was sent. */
    long sentMs;

    /** Of that question. */
    Optional<Place> place = Optional.empty();

    /** Whether a node was given up on that may have begun it. */
    boolean retried;

    Item(CommandCall call, Waiting waiting, long sinceMs) {
      this.call = call;
      this.waiting = waiting;
      this.sinceMs = sinceMs;
    }

    boolean isUnderWay() {
      return question != 0;
    }
  }

  private static final class Queue {
    final long number;
    final Key key;

    /** All that is unanswered, oldest first: what is under way before what is not. */
    final Deque<Item> items = new ArrayDeque<>();

    /** How many of them are under way. */
    int underWay;

    /** Where all of those are. */
    String node = "";

    /** Number of the chain that the next one belongs to; 0 when a new one must be begun for it. */
    long chain;

    /** Index of the next one in it. */
    int next;

    /** Nodes that were silent or took no commands, while others may. */
    final Set<String> avoided = new HashSet<>();

    /** Since when no node takes what waits, on the forward-only clock. */
    long heldSinceMs;

    Queue(long number, Key key) {
      this.number = number;
      this.key = key;
    }

    boolean hasWaiting() {
      return underWay < items.size();
    }
  }

  private record Sent(Queue queue, Item item) {}

  private final Nodes nodes;
  private final RetryBudget budget;
  private final Map<Key, Queue> queues = new HashMap<>();

  /** What is under way, by the number of the question; the longest under way first, as all attempts last equally long. */
  private final Map<Long, Sent> sent = new LinkedHashMap<>();

  /** Queues with something that no node takes now. */
  private final Set<Queue> held = new LinkedHashSet<>();

  /** Number of the last queue. */
  private long lastQueue;

  /** Number of the last chain. */
  private long lastChain;

  CommandQueues(Nodes nodes, RetryBudget budget) {
    this.nodes = nodes;
    this.budget = budget;
  }

  /** Takes a command into its queue, and sends it if it may be sent. */
  void give(Key key, CommandCall call, long nowMs, Waiting waiting) {
    budget.onCall();
    Queue queue = queues.computeIfAbsent(key, fresh -> new Queue(++lastQueue, fresh));
    queue.items.add(new Item(call, waiting, nowMs));
    send(queue, nowMs);
  }

  /** False if it answers nothing that is under way here. */
  boolean onAnswer(long question, Reply reply, long nowMs) {
    Sent answered = sent.get(question);
    if (answered == null) {
      return false;
    }
    Queue queue = answered.queue();
    Item item = answered.item();
    if (reply instanceof Reply.Ahead ahead) {
      onAhead(queue, item, ahead.next());
      send(queue, nowMs);
    } else if (isNotBegun(reply)) {
      queue.avoided.add(queue.node);
      takeBackFrom(queue, item);
      send(queue, nowMs);
    } else {
      end(queue, item);
      send(queue, nowMs);
      item.waiting.answered(reply);
    }
    return true;
  }

  /** The node is gone: it begins nothing any more and answers nothing. */
  void onGone(String node, long nowMs) {
    for (Queue queue : List.copyOf(queues.values())) {
      if (queue.underWay > 0 && queue.node.equals(node)) {
        giveUp(queue, underWay(queue), node + " is gone", nowMs);
      }
    }
  }

  /** Gives up what was not answered in time, and offers again what nobody took. */
  void onTick(long nowMs) {
    late(nowMs)
        .forEach((queue, items) -> giveUp(
            queue, items, "no answer from " + queue.node + " within " + ATTEMPT_MS + " ms", nowMs));
    for (Queue queue : List.copyOf(held)) {
      offerAgain(queue, nowMs);
    }
  }

  /** How many commands are unanswered. */
  int size() {
    return queues.values().stream().mapToInt(queue -> queue.items.size()).sum();
  }

  private static boolean isNotBegun(Reply reply) {
    return reply instanceof Reply.Failed failed
        && (failed.kind() == Reply.Kind.NOT_ACCEPTING || failed.kind() == Reply.Kind.EXPIRED);
  }

  /** The node waits for one that was lost on the way; those before it are begun and stay where they are. */
  private void onAhead(Queue queue, Item item, int next) {
    long chain = item.place.orElseThrow().chain();
    for (Item candidate : underWay(queue)) {
      Place place = candidate.place.orElseThrow();
      if (place.chain() == chain && place.index() >= next) {
        takeBackFrom(queue, candidate);
        break;
      }
    }
    if (nodes.accepts(queue.node, queue.key.service())) {
      beginChain(queue, queue.node);
    }
  }

  private Map<Queue, List<Item>> late(long nowMs) {
    Map<Queue, List<Item>> late = new LinkedHashMap<>();
    for (Sent each : sent.values()) {
      if (nowMs - each.item().sentMs < ATTEMPT_MS) {
        break;
      }
      late.computeIfAbsent(each.queue(), queue -> new ArrayList<>()).add(each.item());
    }
    return late;
  }

  /**
   * The queue's node is silent or gone. What may be retried is sent again with all that was sent behind it, or nothing is.
   *
   * @param late what has waited long enough there
   */
  private void giveUp(Queue queue, List<Item> late, String why, long nowMs) {
    List<Item> lost = new ArrayList<>();
    List<Item> again = new ArrayList<>();
    late.forEach(item -> (item.retried ? lost : again).add(item));
    lost.forEach(item -> end(queue, item));
    if (!again.isEmpty() && budget.take(queue.underWay)) {
      List<Item> moved = underWay(queue);
      moved.forEach(item -> item.retried = true);
      queue.avoided.add(queue.node);
      takeBackFrom(queue, moved.get(0));
    } else {
      again.forEach(item -> end(queue, item));
      lost.addAll(again);
    }
    send(queue, nowMs);
    lost.forEach(item -> item.waiting.unavailable(queue.key.service() + ": " + why));
  }

  private void offerAgain(Queue queue, long nowMs) {
    queue.avoided.clear();
    send(queue, nowMs);
    if (held.contains(queue) && nowMs - queue.heldSinceMs > OFFER_MS) {
      held.remove(queue);
      List<Item> lost = List.copyOf(queue.items);
      lost.forEach(item -> end(queue, item));
      lost.forEach(item ->
          item.waiting.unavailable("no node of " + queue.key.service() + " takes commands now"));
    }
  }

  /** Sends what waits, if there is a node that may have it now. */
  private void send(Queue queue, long nowMs) {
    if (!queue.hasWaiting()) {
      held.remove(queue);
      return;
    }
    if (queue.chain == 0 || !nodes.accepts(queue.node, queue.key.service())) {
      if (queue.underWay > 0) {
        return;
      }
      Optional<String> node = choose(queue);
      if (node.isEmpty()) {
        if (held.add(queue)) {
          queue.heldSinceMs = nowMs;
        }
        return;
      }
      beginChain(queue, node.get());
    }
    held.remove(queue);
    sendAll(queue, nowMs);
  }

  private Optional<String> choose(Queue queue) {
    List<String> others = nodes.accepting(queue.key.service()).stream()
        .filter(node -> !queue.avoided.contains(node))
        .toList();
    return Rendezvous.choose(others, queue.key.topic());
  }

  private void beginChain(Queue queue, String node) {
    queue.node = node;
    queue.chain = ++lastChain;
    queue.next = 0;
  }

  private void sendAll(Queue queue, long nowMs) {
    if (queue.underWay == queue.items.size() - 1 && nowMs == queue.items.peekLast().sinceMs) {
      // What nearly every command meets: it is new, and the only one that waits.
      send(queue, queue.items.peekLast(), nowMs);
      return;
    }
    List<Item> lost = new ArrayList<>();
    for (Item item : waiting(queue)) {
      if (nowMs - item.sinceMs > GIVE_UP_MS) {
        end(queue, item);
        lost.add(item);
      } else {
        send(queue, item, nowMs);
      }
    }
    lost.forEach(item -> item.waiting.unavailable(
        queue.key.service() + " could not begin it for " + GIVE_UP_MS + " ms"));
  }

  private void send(Queue queue, Item item, long nowMs) {
    Place place = new Place(queue.number, queue.chain, queue.next++);
    item.question = nodes.nextId();
    item.sentMs = nowMs;
    item.place = Optional.of(place);
    queue.underWay++;
    sent.put(item.question, new Sent(queue, item));
    nodes.send(queue.node, item.question, queue.key.service(), place, item.call);
  }

  /** That one and all behind it are not under way any more and wait for the next chain. */
  private void takeBackFrom(Queue queue, Item first) {
    boolean reached = false;
    for (Item item : underWay(queue)) {
      reached |= item == first;
      if (reached) {
        sent.remove(item.question);
        item.question = 0;
        queue.underWay--;
      }
    }
    queue.chain = 0;
  }

  /** Nothing will be done for it any more. */
  private void end(Queue queue, Item item) {
    queue.items.remove(item);
    if (item.isUnderWay()) {
      sent.remove(item.question);
      item.question = 0;
      queue.underWay--;
    }
    if (queue.items.isEmpty()) {
      queues.remove(queue.key);
    }
  }

  private static List<Item> underWay(Queue queue) {
    List<Item> items = new ArrayList<>(queue.underWay);
    Iterator<Item> oldestFirst = queue.items.iterator();
    while (items.size() < queue.underWay) {
      items.add(oldestFirst.next());
    }
    return items;
  }

  private static List<Item> waiting(Queue queue) {
    Deque<Item> items = new ArrayDeque<>();
    Iterator<Item> newestFirst = queue.items.descendingIterator();
    for (int i = queue.underWay; i < queue.items.size(); i++) {
      items.addFirst(newestFirst.next());
    }
    return List.copyOf(items);
  }
}
