package io.madang.runtime.mesh.ask;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.runtime.bus.Place;
import io.madang.runtime.bus.Reply;
import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.topic.Payload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CommandQueuesTest {
  private static final CommandQueues.Key ROOM =
      new CommandQueues.Key("c1", ScriptedNodes.SERVICE, "room:a");
  private static final Reply DONE = new Reply.Outcome(CommandOutcome.done(Payload.EMPTY_OBJECT));
  private static final Reply NOT_ACCEPTING = new Reply.Failed(Reply.Kind.NOT_ACCEPTING, "");
  private static final Reply EXPIRED = new Reply.Failed(Reply.Kind.EXPIRED, "");
  private static final Reply FAULT = new Reply.Failed(Reply.Kind.FAULT, "");

  private static CommandCall call(String id) {
    Caller mina = Caller.person("u_mina", "mina", Set.of(), false, Optional.of("c1"));
    return new CommandCall(mina, "say", id, Payload.EMPTY_OBJECT);
  }

  /** Answers nothing by itself; the test says what comes. */
  private static final class Bus implements CommandQueues.Nodes {
    private record Sent(String node, long question, Place place, String id) {}

    private final List<String> accepting = new ArrayList<>(List.of("n1"));
    private final List<Sent> sent = new ArrayList<>();
    private long lastId;

    @Override
    public List<String> accepting(String service) {
      return accepting;
    }

    @Override
    public boolean accepts(String node, String service) {
      return accepting.contains(node);
    }

    @Override
    public void send(String node, long id, String service, Place place, CommandCall call) {
      sent.add(new Sent(node, id, place, call.id()));
    }

    @Override
    public long nextId() {
      return ++lastId;
    }

    /** What was sent since the last call, as {@code node:id}. */
    private List<String> sends() {
      List<String> sends = sent.stream().map(each -> each.node + ":" + each.id).toList();
      sent.clear();
      return sends;
    }
  }

  private final Bus bus = new Bus();
  private final RetryBudget budget = new RetryBudget();
  private final CommandQueues queues = new CommandQueues(bus, budget);
  private final List<String> told = new ArrayList<>();

  /** Numbers of the questions, by command id; the newest. */
  private final Map<String, Long> questions = new LinkedHashMap<>();

  private List<String> sends() {
    bus.sent.forEach(each -> questions.put(each.id, each.question));
    return bus.sends();
  }

  private void give(String... ids) {
    for (String id : ids) {
      queues.give(ROOM, call(id), 0, waiting(id, told));
    }
  }

  private static CommandQueues.Waiting waiting(String id, List<String> told) {
    return new CommandQueues.Waiting() {
      @Override
      public void answered(Reply reply) {
        told.add(id + (reply.equals(DONE) ? " done" : " failed"));
      }

      @Override
      public void unavailable(String why) {
        told.add(id + " unavailable");
      }
    };
  }

  private void answer(String id, Reply reply, long nowMs) {
    queues.onAnswer(questions.get(id), reply, nowMs);
  }

  @Nested
  class Commands_of_one_queue {
    @Test
    void are_sent_at_once_to_one_node_as_a_chain() {
      give("1", "2", "3");
      assertThat(bus.sent).extracting(each -> each.place.index()).containsExactly(0, 1, 2);
      assertThat(bus.sent).extracting(each -> each.place.chain()).containsOnly(1L);
      assertThat(sends()).containsExactly("n1:1", "n1:2", "n1:3");
    }

    @Test
    void are_told_what_became_of_them_as_the_answers_come() {
      give("1", "2", "3");
      sends();
      answer("2", DONE, 5);
      answer("1", FAULT, 6);
      answer("3", DONE, 7);
      assertThat(told).containsExactly("2 done", "1 failed", "3 done");
      assertThat(queues.size()).isZero();
    }

    @Test
    void stay_with_their_node_while_one_is_under_way_though_others_would_be_chosen_now() {
      give("1");
      bus.accepting.addAll(List.of("n2", "n3", "n4", "n5", "n6"));
      give("2", "3");
      assertThat(sends()).containsExactly("n1:1", "n1:2", "n1:3");
    }

    @Test
    void wait_for_nobody_of_another_queue() {
      give("1");
      queues.give(
          new CommandQueues.Key("c1", ScriptedNodes.SERVICE, "room:b"),
          call("b"),
          0,
          waiting("b", told));
      assertThat(bus.sent).extracting(each -> each.place.queue()).containsExactly(1L, 2L);
      assertThat(bus.sent).extracting(each -> each.place.index()).containsOnly(0);
    }
  }

  @Nested
  class A_node_that_does_not_answer {
    @Test
    void is_given_up_with_all_that_is_under_way_there_before_anything_newer_is_sent() {
      give("1", "2", "3");
      sends();
      bus.accepting.add("n2");
      answer("2", DONE, 100);
      queues.onTick(1_999);
      assertThat(sends()).isEmpty();
      queues.onTick(2_000);
      give("4");
      assertThat(bus.sent).extracting(each -> each.place.index()).containsExactly(0, 1, 2);
      assertThat(sends()).containsExactly("n2:1", "n2:3", "n2:4");
    }

    @Test
    void is_asked_again_when_there_is_no_other() {
      give("1", "2");
      sends();
      queues.onTick(2_000);
      queues.onTick(2_100);
      assertThat(sends()).containsExactly("n1:1", "n1:2");
    }

    @Test
    void is_given_up_once_a_command_and_then_the_command_is_unavailable() {
      give("1", "2");
      bus.accepting.add("n2");
      queues.onTick(2_000);
      sends();
      queues.onTick(4_000);
      assertThat(told).containsExactly("1 unavailable", "2 unavailable");
      assertThat(queues.size()).isZero();
    }

    @Test
    void may_answer_late_and_is_not_heard_any_more() {
      give("1");
      sends();
      long late = questions.get("1");
      bus.accepting.add("n2");
      queues.onTick(2_000);
      sends();
      assertThat(queues.onAnswer(late, DONE, 2_100)).isFalse();
      answer("1", DONE, 2_200);
      assertThat(told).containsExactly("1 done");
    }

    @Test
    void keeps_what_does_not_fit_the_budget_and_what_is_late_is_unavailable() {
      while (budget.take(1)) {
        assertThat(told).isEmpty();
      }
      give("1", "2");
      sends();
      bus.accepting.add("n2");
      answer("2", DONE, 1_000);
      queues.give(ROOM, call("3"), 1_500, waiting("3", told));
      queues.onTick(2_000);
      assertThat(told).containsExactly("2 done", "1 unavailable");
      assertThat(sends()).containsExactly("n1:3");
      answer("3", DONE, 2_100);
      assertThat(told).containsExactly("2 done", "1 unavailable", "3 done");
    }
  }

  @Nested
  class A_node_that_is_gone {
    @Test
    void is_given_up_at_once() {
      give("1", "2");
      sends();
      bus.accepting.set(0, "n2");
      queues.onGone("n1", 50);
      assertThat(sends()).containsExactly("n2:1", "n2:2");
    }
  }

  @Nested
  class A_node_that_takes_no_commands_now {
    @Test
    void gets_nothing_newer_and_the_newer_waits_for_what_is_under_way_there() {
      give("1", "2");
      sends();
      bus.accepting.set(0, "n2");
      give("3");
      answer("2", DONE, 10);
      assertThat(sends()).isEmpty();
      answer("1", DONE, 11);
      assertThat(sends()).containsExactly("n2:3");
    }

    @Test
    void refuses_what_is_then_sent_elsewhere_behind_what_it_had_begun() {
      give("1", "2", "3");
      sends();
      bus.accepting.add("n2");
      answer("2", NOT_ACCEPTING, 10);
      answer("3", new Reply.Ahead(1), 10);
      assertThat(sends()).isEmpty();
      answer("1", DONE, 12);
      assertThat(sends()).containsExactly("n2:2", "n2:3");
      assertThat(told).containsExactly("1 done");
    }

    @Test
    void is_offered_it_again_a_little_later_when_there_is_no_other() {
      give("1");
      sends();
      answer("1", NOT_ACCEPTING, 10);
      assertThat(sends()).isEmpty();
      queues.onTick(100);
      assertThat(sends()).containsExactly("n1:1");
    }

    @Test
    void costs_no_retry() {
      give("1");
      sends();
      answer("1", EXPIRED, 10);
      queues.onTick(100);
      sends();
      bus.accepting.add("n2");
      queues.onTick(2_100);
      assertThat(sends()).containsExactly("n2:1");
      assertThat(told).isEmpty();
    }

    @Test
    void and_no_other_either_makes_it_unavailable_after_a_while() {
      bus.accepting.clear();
      give("1", "2");
      queues.onTick(CommandQueues.OFFER_MS);
      assertThat(told).isEmpty();
      queues.onTick(CommandQueues.OFFER_MS + 1);
      assertThat(told).containsExactly("1 unavailable", "2 unavailable");
    }
  }

  @Nested
  class A_command_lost_on_the_way {
    @Test
    void is_sent_again_with_all_behind_it_as_soon_as_the_node_notices() {
      give("1", "2", "3", "4");
      sends();
      bus.accepting.add("n2");
      answer("3", new Reply.Ahead(1), 10);
      assertThat(bus.sent).extracting(each -> each.place.index()).containsExactly(0, 1, 2);
      assertThat(sends()).containsExactly("n1:2", "n1:3", "n1:4");
      answer("1", DONE, 11);
      answer("2", DONE, 12);
      answer("3", DONE, 13);
      answer("4", DONE, 13);
      assertThat(told).containsExactly("1 done", "2 done", "3 done", "4 done");
    }
  }

  /**
   * A day of accidents: messages lost, doubled, overtaken; nodes that stand still, turn away, die. Whatever the script, each
   * command is told once what became of it, what is said to be done was done, and the first executions of each queue are in the
   * order in which its commands were given.
   */
  @Nested
  class Whatever_goes_wrong {
    private static final int SEEDS = 300;

    @Test
    void first_executions_are_in_the_order_given() {
      for (int seed = 0; seed < SEEDS; seed++) {
        Run run = new Run(seed, new ScriptedNodes.Faults(20, 20, 20, 0, 0));
        run.all();
        run.isToldOnce();
        run.isInOrder(run.given);
      }
    }

    @Test
    void what_is_answered_is_in_the_order_given_though_nodes_begin_commands_and_then_stand_still() {
      for (int seed = 0; seed < SEEDS; seed++) {
        Run run = new Run(seed, new ScriptedNodes.Faults(10, 10, 10, 10, 0));
        run.all();
        run.isToldOnce();
        run.isInOrder(run.done());
      }
    }

    @Test
    void a_bus_that_loses_one_message_in_two_hundred_leaves_hardly_anything_unavailable() {
      int unavailable = 0;
      for (int seed = 0; seed < SEEDS; seed++) {
        Run run = new Run(seed, new ScriptedNodes.Faults(5, 0, 0, 0, 0));
        run.strikes = false;
        run.all();
        run.isInOrder(run.given);
        unavailable += run.given.size() - run.done().size();
      }
      assertThat(unavailable).isLessThan(SEEDS * Run.COMMANDS / 2_000);
    }
  }

  private static final class Run {
    private static final int COMMANDS = 400;
    private static final int QUEUES = 3;

    private final int seed;
    private final Random random;
    private final ScriptedNodes nodes;
    private final CommandQueues queues;
    private final List<String> given = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private boolean strikes = true;

    Run(int seed, ScriptedNodes.Faults faults) {
      this.seed = seed;
      this.random = new Random(seed);
      this.nodes = new ScriptedNodes(random, faults, 3);
      this.queues = new CommandQueues(nodes, new RetryBudget());
      nodes.heardBy(queues::onAnswer);
      nodes.onGone(node -> queues.onGone(node, nodes.nowMs));
    }

    void all() {
      every(100, () -> queues.onTick(nodes.nowMs));
      every(500, nodes::beat);
      nodes.runUntil(1_000);
      for (int i = 0; i < COMMANDS; i++) {
        if (strikes && random.nextInt(40) == 0) {
          nodes.strike();
        }
        give(random.nextInt(QUEUES) + "/" + i);
        if (random.nextInt(3) == 0) {
          nodes.runUntil(nodes.nowMs + random.nextInt(150));
        }
      }
      nodes.heal();
      nodes.runUntil(nodes.nowMs + 30_000);
    }

    private void every(long periodMs, Runnable work) {
      nodes.at(nodes.nowMs + periodMs, () -> {
        work.run();
        every(periodMs, work);
      });
    }

    private void give(String id) {
      given.add(id);
      CommandQueues.Key key =
          new CommandQueues.Key("c1", ScriptedNodes.SERVICE, "room:" + id.charAt(0));
      queues.give(key, call(id), nodes.nowMs, waiting(id, told));
    }

    List<String> done() {
      return told.stream()
          .filter(each -> each.endsWith(" done"))
          .map(each -> each.substring(0, each.indexOf(' ')))
          .toList();
    }

    void isToldOnce() {
      assertThat(told.stream().map(each -> each.substring(0, each.indexOf(' '))))
          .as("seed %s", seed)
          .containsExactlyInAnyOrderElementsOf(given);
      assertThat(nodes.log()).as("seed %s", seed).containsAll(done());
      assertThat(queues.size()).as("seed %s", seed).isZero();
    }

    /** Those of {@code ids} that were executed. */
    void isInOrder(List<String> ids) {
      IntStream.range(0, QUEUES).mapToObj(Integer::toString).forEach(queue -> {
        Set<String> counted = Set.copyOf(ids);
        List<Integer> executed = nodes.log().stream()
            .filter(id -> counted.contains(id) && id.startsWith(queue))
            .map(id -> Integer.valueOf(id.substring(2)))
            .toList();
        assertThat(executed).as("seed %s, queue %s", seed, queue).isSorted();
      });
    }
  }
}
