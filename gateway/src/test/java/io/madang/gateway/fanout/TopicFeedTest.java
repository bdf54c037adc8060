package io.madang.gateway.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.gateway.fanout.TopicFeed.Verdict;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TopicFeedTest {
  private static final Topic TOPIC = Topic.parse("log:a");

  private final TopicFeed feed = new TopicFeed(TOPIC);
  private final List<Publication> out = new ArrayList<>();

  private static StreamPosition at(long offset) {
    return new StreamPosition("e1", offset);
  }

  private static Publication at(String epoch, long previous, long offset) {
    return Publication.log(
        TOPIC, "put", new StreamPosition(epoch, offset), previous, 0, Payload.NULL);
  }

  private static Publication next(long offset) {
    return at("e1", offset - 1, offset);
  }

  private List<Long> delivered() {
    return out.stream().map(Publication::offset).toList();
  }

  @Nested
  class Before_the_first_read {
    @Test
    void publications_wait_and_those_in_the_read_are_dropped() {
      feed.accept(next(4), out);
      feed.accept(next(5), out);
      assertThat(out).isEmpty();
      feed.begin(at(4), out);
      assertThat(delivered()).containsExactly(5L);
    }

    @Test
    void ephemeral_events_are_not_worth_waiting() {
      feed.accept(Publication.ephemeral(TOPIC, "typing", 0, Payload.NULL), out);
      feed.begin(at(0), out);
      assertThat(out).isEmpty();
    }

    @Test
    void more_than_the_bound_leaves_a_hole_that_the_owner_fills() {
      for (long offset = 1; offset <= TopicFeed.MAX_WAITING + 1; offset++) {
        feed.accept(next(offset), out);
      }
      feed.begin(at(0), out);
      assertThat(out).isEmpty();
      assertThat(feed.hasHole()).isTrue();
    }
  }

  @Nested
  class In_order {
    @Test
    void each_is_delivered_once() {
      feed.begin(at(0), out);
      assertThat(feed.accept(next(1), out)).isEqualTo(Verdict.FINE);
      feed.accept(next(1), out);
      feed.accept(next(2), out);
      feed.accept(next(1), out);
      assertThat(delivered()).containsExactly(1L, 2L);
    }

    @Test
    void an_offset_may_jump_when_what_is_before_it_was_conflated() {
      feed.begin(at(3), out);
      feed.accept(at("e1", 2, 9), out);
      assertThat(delivered()).containsExactly(9L);
    }
  }

  @Nested
  class A_hole {
    @Test
    void asks_the_owner_and_holds_what_comes_after() {
      feed.begin(at(0), out);
      assertThat(feed.accept(next(2), out)).isEqualTo(Verdict.ASK_OWNER);
      assertThat(out).isEmpty();
      feed.accept(next(1), out);
      assertThat(delivered()).containsExactly(1L, 2L);
      assertThat(feed.hasHole()).isFalse();
    }

    @Test
    void is_filled_by_what_the_owner_tells() {
      feed.begin(at(0), out);
      feed.accept(next(5), out);
      feed.recovered(at(4), List.of(next(1), next(2), next(3), next(4)), out);
      assertThat(delivered()).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void is_jumped_when_the_owner_has_it_no_more() {
      feed.begin(at(0), out);
      feed.accept(next(9), out);
      feed.jump(at(7), out);
      assertThat(out).isEmpty();
      feed.accept(next(8), out);
      assertThat(delivered()).containsExactly(8L, 9L);
    }
  }

  @Nested
  class In_doubt_of_its_position {
    @Test
    void nothing_is_delivered_before_the_owner_has_told() {
      feed.begin(at(1), out);
      feed.doubt();
      assertThat(feed.accept(next(2), out)).isEqualTo(Verdict.FINE);
      feed.accept(Publication.ephemeral(TOPIC, "typing", 0, Payload.NULL), out);
      assertThat(out).isEmpty();

      feed.recovered(at(1), List.of(), out);
      feed.accept(next(3), out);
      assertThat(delivered()).containsExactly(2L, 3L);
    }

    @Test
    void what_the_owner_has_no_more_is_jumped_and_the_doubt_is_over() {
      feed.begin(at(1), out);
      feed.doubt();
      feed.accept(next(9), out);
      feed.jump(at(8), out);
      assertThat(delivered()).containsExactly(9L);
      assertThat(feed.isDoubtful()).isFalse();
    }

    @Test
    void there_is_none_before_the_first_read() {
      feed.doubt();
      assertThat(feed.isDoubtful()).isFalse();
    }
  }

  @Nested
  class Another_life_of_the_topic {
    @Test
    void asks_the_owner() {
      feed.begin(at(5), out);
      assertThat(feed.accept(at("e2", 0, 1), out)).isEqualTo(Verdict.ASK_OWNER);
      assertThat(out).isEmpty();
    }

    @Test
    void goes_on_where_the_owner_says() {
      feed.begin(at(5), out);
      feed.jump(new StreamPosition("e2", 3), out);
      feed.accept(at("e2", 2, 3), out);
      feed.accept(at("e2", 3, 4), out);
      assertThat(delivered()).containsExactly(4L);
    }
  }

  @Nested
  class While_a_subscriber_is_being_set_up {
    @Test
    void what_is_delivered_is_held_for_its_answer() {
      feed.begin(at(0), out);
      feed.accept(next(1), out);
      feed.readBegun();
      feed.accept(next(2), out);
      feed.accept(next(3), out);
      assertThat(feed.heldAbove(at(2))).extracting(Publication::offset).containsExactly(3L);
      feed.readEnded();
      feed.readBegun();
      assertThat(feed.heldAbove(at(0))).isEmpty();
    }
  }

  @Test
  void whatever_is_doubled_or_shuffled_comes_out_once_and_in_order() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<Publication> sent = new ArrayList<>();
    for (long offset = 1; offset <= 500; offset++) {
      sent.add(next(offset));
      if (random.nextInt(4) == 0) {
        sent.add(next(offset));
      }
    }
    Collections.shuffle(sent, random);
    feed.begin(at(0), out);
    sent.forEach(publication -> feed.accept(publication, out));
    assertThat(delivered()).as("seed %s", seed).hasSize(500).isSorted().doesNotHaveDuplicates();
  }
}
