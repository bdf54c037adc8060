package io.madang.gateway.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.runtime.command.Caller;
import io.madang.runtime.metrics.MeterNames;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whom a gateway asks for what it missed, all of the hub on the test's thread. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RepairsTest {
  private static final Topic LOG = Topic.parse("log:a");

  /** Something else is awaited for so long before anybody is asked. */
  private static final int UNDER_WAY_MS = 50;

  /** What is spread over a while happens at its beginning. */
  private static final RandomGenerator AT_ONCE = () -> 0L;

  private final VirtualMesh mesh = new VirtualMesh();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final SubscriptionHub hub = new SubscriptionHub(
      mesh, mesh, AT_ONCE, new HubLimits(Duration.ofSeconds(30), 100_000, 100_000), metrics);
  private final Fanout fanout = hub.newFanout(mesh.loop());
  private final Client mina = new Client();

  @BeforeEach
  void start() {
    hub.start();
    fanout.connected(mina);
    mina.subscribes(LOG);
    mesh.asked.clear();
  }

  private final class Client implements Subscriber {
    private final List<String> heard = new ArrayList<>();

    @Override
    public String connection() {
      return "c-mina";
    }

    @Override
    public Caller caller() {
      return Caller.person("mina", "mina", Set.of(), false, Optional.of(connection()));
    }

    @Override
    public int deliver(Topic topic, List<SharedPublication> brought) {
      brought.forEach(shared -> heard.add("" + shared.publication().offset()));
      return brought.size();
    }

    @Override
    public boolean isLagging() {
      return false;
    }

    @Override
    public void gap(Topic topic, StreamPosition from, StreamPosition to) {
      heard.add("gap " + from.offset() + " " + to.epoch() + " " + to.offset());
    }

    @Override
    public void ended(Topic topic, String reason) {
      heard.add(reason);
    }

    private void subscribes(Topic topic) {
      fanout.subscribe(this, topic, Optional.empty(), outcome -> {});
      mesh.settle();
    }

    private void heardAll(long from, long to) {
      assertThat(heard)
          .containsExactlyElementsOf(
              LongStream.rangeClosed(from, to).mapToObj(Long::toString).toList());
    }
  }

  private void lose(Topic topic, int count) {
    for (int i = 0; i < count; i++) {
      mesh.commit(topic);
    }
  }

  private double holes(String outcome) {
    return metrics.counter(MeterNames.HOLES, MeterNames.OUTCOME, outcome).count();
  }

  @Nested
  class A_hole {
    @Test
    void is_filled_by_the_node_that_sent_what_is_behind_it_without_a_read() {
      mesh.senderKeepsFrom = 1;
      lose(LOG, 2);
      mesh.put(LOG, 1);
      mesh.pass(UNDER_WAY_MS + 1);

      mina.heardAll(1, 3);
      assertThat(mesh.askedSender).containsExactly(LOG);
      assertThat(mesh.asked).isEmpty();
      assertThat(holes(MeterNames.FROM_SENDER)).isEqualTo(1);
      assertThat(holes(MeterNames.FROM_HISTORY)).isZero();
    }

    @Test
    void that_closes_by_itself_is_asked_of_nobody() {
      mesh.senderKeepsFrom = 1;
      Publication late = mesh.commit(LOG);
      mesh.put(LOG, 1);
      mesh.settle();
      mesh.publish(late);
      mesh.pass(1_000);

      mina.heardAll(1, 2);
      assertThat(mesh.askedSender).isEmpty();
      assertThat(mesh.asked).isEmpty();
    }

    @Test
    void that_closes_while_the_sender_is_asked_is_not_counted_and_nothing_comes_twice() {
      mesh.senderKeepsFrom = 1;
      mesh.senderAnswersAfterMillis = 100;
      Publication late = mesh.commit(LOG);
      mesh.put(LOG, 1);
      mesh.pass(UNDER_WAY_MS + 10);
      mesh.publish(late);
      mesh.pass(1_000);

      mina.heardAll(1, 2);
      assertThat(mesh.askedSender).containsExactly(LOG);
      assertThat(mesh.asked).isEmpty();
      assertThat(holes(MeterNames.FROM_SENDER)).isZero();
    }

    @Test
    void that_the_sender_does_not_reach_back_to_is_read_from_the_owner() {
      mesh.senderKeepsFrom = 2;
      lose(LOG, 2);
      mesh.put(LOG, 1);
      mesh.pass(UNDER_WAY_MS + 1);

      mina.heardAll(1, 3);
      assertThat(mesh.askedSender).containsExactly(LOG);
      assertThat(mesh.askedForPast(LOG)).hasSize(1);
      assertThat(holes(MeterNames.FROM_SENDER)).isZero();
      assertThat(holes(MeterNames.FROM_HISTORY)).isEqualTo(1);
    }

    @Test
    void whose_sender_is_gone_is_read_from_the_owner_at_once() {
      mesh.isSenderGone = true;
      lose(LOG, 2);
      mesh.put(LOG, 1);
      mesh.pass(UNDER_WAY_MS);

      mina.heardAll(1, 3);
      assertThat(holes(MeterNames.FROM_HISTORY)).isEqualTo(1);
    }

    @Test
    void whose_sender_is_slow_is_read_from_the_owner_and_the_late_answer_is_nothing() {
      mesh.senderKeepsFrom = 1;
      mesh.senderAnswersAfterMillis = Repairs.SENDER_WITHIN_MS + 500;
      lose(LOG, 2);
      mesh.put(LOG, 1);
      mesh.pass(UNDER_WAY_MS + Repairs.SENDER_WITHIN_MS - 1);
      mina.heardAll(1, 0);

      mesh.pass(1);
      mina.heardAll(1, 3);
      mesh.pass(2_000);
      mina.heardAll(1, 3);
      assertThat(mesh.askedSender).hasSize(1);
      assertThat(holes(MeterNames.FROM_SENDER)).isZero();
      assertThat(holes(MeterNames.FROM_HISTORY)).isEqualTo(1);
    }

    @Test
    void behind_which_there_is_another_is_filled_to_its_end() {
      mesh.senderKeepsFrom = 1;
      lose(LOG, 1);
      mesh.put(LOG, 1);
      lose(LOG, 1);
      mesh.put(LOG, 1);
      mesh.pass(UNDER_WAY_MS + 1);

      mina.heardAll(1, 4);
      assertThat(mesh.asked).isEmpty();
    }

    @Test
    void with_an_end_in_it_ends_the_subscription_before_what_came_after() {
      mesh.senderKeepsFrom = 1;
      mesh.commitRevocation(LOG, "mina", "kicked");
      mesh.put(LOG, 1);
      mesh.pass(UNDER_WAY_MS + 1);

      assertThat(mina.heard).containsExactly("1", "kicked");
    }

    @Test
    void of_another_life_is_a_matter_of_the_owner() {
      mesh.senderKeepsFrom = 1;
      mesh.beginNewLife(LOG, "e2");
      mesh.put(LOG, 2);
      mesh.pass(1_000);

      assertThat(mesh.askedSender).isEmpty();
      assertThat(mina.heard).containsExactly("gap 0 e2 2");
    }
  }

  @Nested
  class Without_a_hint_each_topic {
    private final List<Topic> many =
        IntStream.range(0, 1_000).mapToObj(i -> Topic.parse("log:m" + i)).toList();

    @BeforeEach
    void hears() {
      many.forEach(mina::subscribes);
      mesh.asked.clear();
      mesh.askedTogether.clear();
    }

    @Test
    void is_asked_about_once_a_minute_together_with_others() {
      mesh.pass(60_000);

      assertThat(mesh.askedTogether.stream().flatMap(Set::stream))
          .containsAll(many)
          .doesNotHaveDuplicates();
      assertThat(mesh.askedTogether).hasSizeLessThanOrEqualTo(60);
      assertThat(mesh.asked).isEmpty();
    }

    @Test
    void that_misses_something_is_brought_it() {
      lose(LOG, 2);
      mesh.pass(60_000);

      mina.heardAll(1, 2);
      assertThat(mesh.asked).hasSize(1);
    }

    @Test
    void whose_owner_does_not_tell_is_asked_about_until_it_does() {
      lose(LOG, 2);
      mesh.isAway = true;
      mesh.pass(60_000);
      assertThat(mina.heard).isEmpty();

      mesh.isAway = false;
      mesh.pass(60_000);
      mina.heardAll(1, 2);
    }
  }

  @Nested
  class Evidence {
    @Test
    void has_positions_compared_with_the_owner() {
      mesh.senderKeepsFrom = 1;
      lose(LOG, 2);
      mesh.evidence();
      mesh.pass(1_100);

      mina.heardAll(1, 2);
      assertThat(mesh.askedSender).isEmpty();
      assertThat(mesh.askedForPast(LOG)).hasSize(1);
    }

    @Test
    void is_not_lost_while_the_sender_is_asked() {
      mesh.senderKeepsFrom = 1;
      mesh.senderAnswersAfterMillis = 400;
      lose(LOG, 1);
      mesh.put(LOG, 1);
      mesh.pass(UNDER_WAY_MS + 1);
      lose(LOG, 1);
      mesh.evidence();
      mesh.pass(10);
      mina.heardAll(1, 3);

      mesh.pass(800);
      mina.heardAll(1, 3);
      assertThat(mesh.askedSender).hasSize(1);
      assertThat(mesh.asked).hasSize(1);
    }
  }

  @Nested
  class After_a_standstill {
    @Test
    void the_owner_is_asked_and_not_the_sender() {
      mesh.senderKeepsFrom = 1;
      mesh.standStill();
      lose(LOG, 2);
      mesh.put(LOG, 1);
      mesh.pass(1_100);

      mina.heardAll(1, 3);
      assertThat(mesh.askedSender).isEmpty();
      assertThat(mesh.asked).isNotEmpty();
    }

    @Test
    void what_the_sender_was_asked_before_is_not_delivered() {
      mesh.senderKeepsFrom = 1;
      mesh.senderAnswersAfterMillis = 400;
      mesh.isAway = true;
      lose(LOG, 2);
      mesh.put(LOG, 1);
      mesh.pass(UNDER_WAY_MS + 1);
      mesh.standStill();
      mesh.pass(2_000);
      mina.heardAll(1, 0);

      mesh.isAway = false;
      mesh.pass(10_000);
      mina.heardAll(1, 3);
      assertThat(holes(MeterNames.FROM_SENDER)).isZero();
    }
  }

  @Nested
  class What_a_sender_left_out {
    private final List<Topic> many =
        IntStream.range(0, 1_000).mapToObj(i -> Topic.parse("log:t" + i)).toList();

    private void hearMany() {
      many.forEach(mina::subscribes);
      mesh.asked.clear();
    }

    private void leaveOutOfMany() {
      many.forEach(topic -> lose(topic, 2));
      mesh.leaveOut(many);
      mesh.settle();
    }

    private void allOfManyIsHeard() {
      assertThat(mina.heard).hasSize(2_000);
    }

    @Test
    void comes_from_it_later_without_a_read() {
      mesh.senderKeepsFrom = 1;
      lose(LOG, 3);
      mesh.leaveOut(List.of(LOG));
      mesh.pass(1);

      mina.heardAll(1, 3);
      assertThat(mesh.asked).isEmpty();
      assertThat(holes(MeterNames.FROM_SENDER)).isEqualTo(1);
    }

    @Test
    void is_read_from_the_owner_when_the_sender_has_it_no_more() {
      lose(LOG, 3);
      mesh.leaveOut(List.of(LOG));
      mesh.pass(1);

      mina.heardAll(1, 3);
      assertThat(mesh.askedForPast(LOG)).hasSize(1);
      assertThat(holes(MeterNames.FROM_HISTORY)).isEqualTo(1);
    }

    @Test
    void of_many_topics_is_asked_for_a_few_at_a_time() {
      mesh.senderKeepsFrom = 1;
      hearMany();
      leaveOutOfMany();
      assertThat(mesh.askedSender).hasSize(Repairs.LEFT_OUT_AT_ONCE);
      mesh.pass(500);

      allOfManyIsHeard();
      assertThat(mesh.askedSender).containsExactlyInAnyOrderElementsOf(many);
      assertThat(mesh.asked).isEmpty();
    }

    @Test
    void of_many_topics_is_read_from_the_owner_a_few_at_a_time() {
      hearMany();
      mesh.isSenderGone = true;
      mesh.holdsAnswers = true;
      leaveOutOfMany();
      assertThat(mesh.asked).hasSize(Repairs.LEFT_OUT_AT_ONCE);

      mesh.answerHeld();
      mesh.settle();
      assertThat(mesh.asked).hasSize(2 * Repairs.LEFT_OUT_AT_ONCE);

      mesh.holdsAnswers = false;
      mesh.answerHeld();
      mesh.pass(500);
      allOfManyIsHeard();
      assertThat(mesh.asked).hasSize(many.size());
    }

    /** Would each answer be a reason to look at all topics, it would take minutes. */
    @Test
    @Timeout(20)
    void of_ten_thousands_of_topics_that_are_compared_just_then_takes_no_time() {
      List<Topic> topics =
          IntStream.range(0, 30_000).mapToObj(i -> Topic.parse("log:m" + i)).toList();
      topics.forEach(mina::subscribes);
      topics.forEach(topic -> lose(topic, 1));
      mesh.holdsAnswers = true;
      mesh.standStill();
      mesh.leaveOut(topics);
      mesh.pass(1_100);

      mesh.holdsAnswers = false;
      mesh.answerHeld();
      mesh.pass(1_000);

      assertThat(mina.heard).hasSize(topics.size());
    }

    @Test
    void and_came_meanwhile_is_asked_of_nobody() {
      mesh.put(LOG, 3);
      mesh.settle();
      mesh.leaveOut(List.of(LOG));
      mesh.pass(1_000);

      assertThat(mesh.askedSender).isEmpty();
      assertThat(mesh.asked).isEmpty();
    }

    @Test
    void while_the_owner_answers_about_the_time_before_is_fetched_after_that() {
      mesh.holdsAnswers = true;
      mesh.evidence();
      mesh.pass(1_100);
      assertThat(mesh.asked).hasSize(1);
      lose(LOG, 3);
      mesh.leaveOut(List.of(LOG));
      mesh.settle();
      mesh.holdsAnswers = false;
      mesh.answerHeld();
      mesh.pass(10);

      mina.heardAll(1, 3);
    }

    @Test
    void while_the_owner_is_away_is_fetched_when_it_is_back() {
      mesh.isAway = true;
      lose(LOG, 3);
      mesh.leaveOut(List.of(LOG));
      mesh.pass(10_000);
      assertThat(mina.heard).isEmpty();
      mesh.isAway = false;
      mesh.pass(10_000);

      mina.heardAll(1, 3);
    }

    @Test
    void of_a_topic_that_began_another_life_is_a_matter_of_the_owner() {
      mesh.senderKeepsFrom = 1;
      mesh.beginNewLife(LOG, "e2");
      lose(LOG, 2);
      mesh.leaveOut(List.of(LOG));
      mesh.pass(10);

      assertThat(mesh.askedSender).isEmpty();
      assertThat(mina.heard).containsExactly("gap 0 e2 2");
    }
  }
}
