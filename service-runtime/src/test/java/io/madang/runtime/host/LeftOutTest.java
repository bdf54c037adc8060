package io.madang.runtime.host;

import static io.madang.runtime.host.Published.at;
import static io.madang.runtime.host.Published.log;
import static io.madang.runtime.host.Published.state;
import static org.assertj.core.api.Assertions.assertThat;

import io.madang.runtime.host.LeftOut.Fate;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LeftOutTest {
  @Nested
  class Of_a_topic_with_a_log {
    @Test
    void only_the_newest_position_is_remembered() {
      LeftOut left = LeftOut.of(log("a", 4));
      assertThat(left.add(log("a", 4))).isEqualTo(Fate.LEFT);
      assertThat(left.add(log("a", 5))).isEqualTo(Fate.LEFT);
      assertThat(left.newest()).isEqualTo(at(5));
      assertThat(left.kept()).isEmpty();
      assertThat(left.bytes()).isZero();
    }
  }

  @Nested
  class Of_a_topic_with_state {
    private final LeftOut left = LeftOut.of(state("s", "x", 1));

    @Test
    void one_value_of_each_key_is_kept() {
      assertThat(left.add(state("s", "x", 1))).isEqualTo(Fate.KEPT);
      assertThat(left.add(state("s", "y", 2))).isEqualTo(Fate.KEPT);
      int bytes = left.bytes();
      assertThat(left.add(state("s", "y", 3))).isEqualTo(Fate.CONFLATED);
      assertThat(left.add(state("s", "x", 4))).isEqualTo(Fate.CONFLATED);

      assertThat(left.kept()).extracting(Publication::offset).containsExactly(3L, 4L);
      assertThat(left.kept()).extracting(Publication::previous).containsExactly(0L, 3L);
      assertThat(left.bytes()).isEqualTo(bytes);
    }

    @Test
    void nothing_is_kept_once_a_log_event_is_among_it() {
      left.add(state("s", "x", 1));
      left.add(Published.log("s", 2));
      left.add(state("s", "x", 3));
      assertThat(left.kept()).isEmpty();
      assertThat(left.newest()).isEqualTo(at(3));
    }

    @Test
    void nothing_is_kept_when_another_node_published_behind_what_would_be_replaced() {
      left.add(state("s", "x", 1));
      assertThat(left.add(state("s", "x", 3))).isEqualTo(Fate.LEFT);
      assertThat(left.kept()).isEmpty();
      assertThat(left.newest()).isEqualTo(at(3));
    }

    @Test
    void what_another_node_published_between_two_keys_stays_a_hole() {
      left.add(state("s", "x", 1));
      assertThat(left.add(state("s", "y", 3))).isEqualTo(Fate.KEPT);
      assertThat(left.kept()).extracting(Publication::previous).containsExactly(0L, 2L);
    }

    @Test
    void nothing_is_kept_over_two_lives_of_the_topic() {
      left.add(state("s", "x", 7));
      Publication other = Publication.state(
          state("s", "x", 1).topic(),
          "set",
          "x",
          new StreamPosition("e2", 1),
          0,
          0,
          state("s", "x", 1).data());
      assertThat(left.add(other)).isEqualTo(Fate.LEFT);
      assertThat(left.newest()).isEqualTo(new StreamPosition("e2", 1));
    }

    @Test
    void whatever_the_order_of_keys_what_is_kept_joins_without_a_hole_and_is_the_newest() {
      long seed = System.nanoTime();
      Random random = new Random(seed);
      Map<String, Long> newest = new HashMap<>();
      for (long offset = 1; offset <= 300; offset++) {
        String key = "k" + random.nextInt(10);
        left.add(state("s", key, offset));
        newest.put(key, offset);
      }
      long joinedTo = 0;
      Map<String, Long> kept = new HashMap<>();
      for (Publication publication : left.kept()) {
        assertThat(publication.previous()).as("seed %s", seed).isEqualTo(joinedTo);
        joinedTo = publication.offset();
        kept.put(publication.key().orElseThrow(), joinedTo);
      }
      assertThat(kept).as("seed %s", seed).isEqualTo(newest);
    }
  }

  @Nested
  class Up_to_a_position_that_was_never_taken {
    @Test
    void only_the_newest_position_is_remembered() {
      LeftOut left = LeftOut.upTo(at(5));
      assertThat(left.add(state("s", "x", 6))).isEqualTo(Fate.LEFT);
      left.alsoUpTo(at(3));
      assertThat(left.newest()).isEqualTo(at(6));
    }

    @Test
    void the_newer_life_of_the_topic_stays() {
      LeftOut left = LeftOut.upTo(new StreamPosition("e2", 1));
      left.alsoUpTo(at(5));
      assertThat(left.newest()).isEqualTo(new StreamPosition("e2", 1));
    }
  }
}
