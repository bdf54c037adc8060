package io.madang.runtime.mesh.ask;

import io.madang.runtime.bus.BusMessage.Ask;
import io.madang.runtime.bus.Place;
import io.madang.runtime.bus.Reply;
import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.host.CommandOrder;
import io.madang.runtime.membership.NodeClocks;
import io.madang.runtime.topic.Payload;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Service nodes around one store, and the bus between them and one asker, on a clock that a test turns. What goes wrong is
 * drawn from the test's random numbers.
 */
final class ScriptedNodes implements CommandQueues.Nodes {
  /**
   * What may go wrong, in parts of a thousand.
   *
   * @param lost messages that never come
   * @param doubled messages that come twice
   * @param delayed messages that are overtaken, by up to three seconds
   * @param stalled commands that are begun and then wait, with all behind them at that node, for up to three seconds
   * @param faulty commands that fail; half of them after they were done
   */
  record Faults(int lost, int doubled, int delayed, int stalled, int faulty) {}

  static final String SERVICE = "echo";

  private record Event(long atMs, long number, Runnable run) {}

  private final class Node {
    final String id;

    /** How far its clock is ahead of the test's. */
    final long aheadMs = random.nextInt(2_000_000) - 1_000_000L;

    final CommandOrder order = new CommandOrder();
    boolean accepting = true;

    /** What its last beat said to the asker. */
    boolean saidAccepting;

    boolean dead;
    boolean suspected;
    long frozenUntilMs;

    /** When the last message to it, or from it, comes. */
    long lastComesMs;

    /** What is begun and not done, in order. */
    final Deque<Runnable> lane = new ArrayDeque<>();

    /** When the last command begun is done. */
    long busyUntilMs;

    Node(String id) {
      this.id = id;
    }

    void hear(Runnable work) {
      if (dead) {
        return;
      }
      if (nowMs < frozenUntilMs) {
        at(frozenUntilMs, () -> hear(work));
      } else {
        work.run();
      }
    }

    void ask(long question, long untilMs, Place place, CommandCall call) {
      if (!accepting) {
        answer(question, new Reply.Failed(Reply.Kind.NOT_ACCEPTING, ""));
      } else if (nowMs + aheadMs > untilMs) {
        answer(question, new Reply.Failed(Reply.Kind.EXPIRED, ""));
      } else {
        switch (order.take("g", place, nowMs)) {
          case AHEAD -> answer(question, new Reply.Ahead(order.next("g", place)));
          case GIVEN_UP -> answer(question, new Reply.Failed(Reply.Kind.EXPIRED, ""));
          case BEGUN_BEFORE -> {}
          case BEGIN -> begin(question, call);
        }
      }
    }

    private void begin(long question, CommandCall call) {
      if (faults.stalled == 0) {
        carryOut(question, call);
        return;
      }
      busyUntilMs =
          Math.max(busyUntilMs, nowMs) + (happens(faults.stalled) ? random.nextInt(3_000) : 1);
      lane.add(() -> carryOut(question, call));
      at(busyUntilMs, () -> hear(() -> lane.remove().run()));
    }

    private void carryOut(long question, CommandCall call) {
      boolean fails = happens(faults.faulty);
      if (!fails || random.nextBoolean()) {
        executions.merge(call.id(), 1, Integer::sum);
      }
      answer(
          question,
          fails
              ? new Reply.Failed(Reply.Kind.FAULT, "")
              : new Reply.Outcome(CommandOutcome.done(Payload.EMPTY_OBJECT)));
    }

    private void answer(long question, Reply reply) {
      carry(this, () -> asker.onAnswer(question, reply, nowMs));
    }
  }

  /** Hears what the nodes answer. */
  interface Asker {
    void onAnswer(long question, Reply reply, long nowMs);
  }

  private final Random random;
  private final Faults faults;
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final NodeClocks clocks = new NodeClocks();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::atMs).thenComparing(Event::number));
  private final Map<String, Integer> executions = new LinkedHashMap<>();
  private Asker asker;
  private Consumer<String> gone = id -> {};
  private boolean healed;
  private long lastQuestion;
  private long lastEvent;

  /** What the test's clock shows. */
  long nowMs;

  ScriptedNodes(Random random, Faults faults, int count) {
    this.random = random;
    this.faults = faults;
    for (int i = 0; i < count; i++) {
      Node node = new Node("n" + i);
      nodes.put(node.id, node);
    }
  }

  void heardBy(Asker hearing) {
    asker = hearing;
  }

  /** Ids in the order of their first execution. */
  List<String> log() {
    return new ArrayList<>(executions.keySet());
  }

  Map<String, Integer> executions() {
    return new HashMap<>(executions);
  }

  void at(long atMs, Runnable run) {
    events.add(new Event(Math.max(nowMs, atMs), ++lastEvent, run));
  }

  void runUntil(long untilMs) {
    while (!events.isEmpty() && events.peek().atMs() <= untilMs) {
      Event event = events.poll();
      nowMs = event.atMs();
      event.run().run();
    }
    nowMs = untilMs;
  }

  /** Beats of all nodes, as a timer would make them. */
  void beat() {
    for (Node node : nodes.values()) {
      node.hear(() -> {
        long clock = nowMs + node.aheadMs;
        boolean accepting = node.accepting;
        at(nowMs + 1 + random.nextInt(200), () -> {
          clocks.heard(node.id, clock, nowMs);
          node.saidAccepting = accepting;
          node.suspected = false;
        });
      });
      node.suspected |= node.dead || nowMs < node.frozenUntilMs - 2_000;
    }
  }

  /** A node stands still, or turns commands away for a while, or dies and is replaced. */
  void strike() {
    List<Node> all = List.copyOf(nodes.values());
    Node node = all.get(random.nextInt(all.size()));
    switch (random.nextInt(4)) {
      case 0 -> node.frozenUntilMs = nowMs + random.nextInt(6_000);
      case 1, 2 -> {
        node.accepting = false;
        at(nowMs + random.nextInt(1_500), () -> node.accepting = true);
      }
      default -> {
        node.dead = true;
        nodes.remove(node.id);
        Node next = new Node(node.id + "'");
        nodes.put(next.id, next);
        at(nowMs + random.nextInt(4_000), () -> gone.accept(node.id));
      }
    }
  }

  void onGone(Consumer<String> hearing) {
    gone = hearing;
  }

  /** Nothing more goes wrong on the bus. */
  void heal() {
    healed = true;
  }

  @Override
  public List<String> accepting(String service) {
    return nodes.values().stream()
        .filter(node -> accepts(node.id, service))
        .map(node -> node.id)
        .toList();
  }

  @Override
  public boolean accepts(String id, String service) {
    Node node = nodes.get(id);
    return node != null && !node.dead && !node.suspected && node.saidAccepting;
  }

  @Override
  public void send(String id, long question, String service, Place place, CommandCall call) {
    Node node = nodes.get(id);
    OptionalLong theirs = clocks.now(id, nowMs);
    long until = theirs.isPresent() ? theirs.getAsLong() + CommandQueues.ATTEMPT_MS : Ask.NO_LIMIT;
    if (node != null) {
      carry(node, () -> node.hear(() -> node.ask(question, until, place, call)));
    }
  }

  @Override
  public long nextId() {
    return ++lastQuestion;
  }

  private void carry(Node node, Runnable message) {
    if (happens(faults.lost)) {
      return;
    }
    if (happens(faults.delayed)) {
      at(nowMs + random.nextInt(3_000), message);
      return;
    }
    node.lastComesMs = Math.max(node.lastComesMs, nowMs + 1 + random.nextInt(5));
    at(node.lastComesMs, message);
    if (happens(faults.doubled)) {
      at(nowMs + random.nextInt(3_000), message);
    }
  }

  private boolean happens(int inThousand) {
    return !healed && random.nextInt(1_000) < inThousand;
  }
}
