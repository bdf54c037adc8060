package io.madang.benchmarks.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicAnswer.Granted;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BenchLogTest {
  private static final Topic TOPIC = Topic.parse("bench:1");
  private final BenchLog log = new BenchLog("life", 3);

  private Optional<Publication> append(String user, String id, String text) {
    return log.append(TOPIC, user, id, 0, Payload.ofJson('"' + text + '"'));
  }

  private void fill(int count) {
    for (int i = 1; i <= count; i++) {
      assertThat(append("mina", "id" + i, "text " + i)).isPresent();
    }
  }

  private Granted after(String epoch, long offset, int limit) {
    return (Granted) log.after(TOPIC, new StreamPosition(epoch, offset), limit);
  }

  private static List<Long> offsets(TopicAnswer answer) {
    return ((Granted) answer).publications().stream().map(Publication::offset).toList();
  }

  @Nested
  class A_command_that_comes_again {
    @BeforeEach
    void a_first_time() {
      fill(1);
    }

    @Test
    void makes_nothing_new() {
      assertThat(append("mina", "id1", "text 1").orElseThrow().offset()).isEqualTo(1);
      assertThat(append("mina", "id2", "text 2").orElseThrow().offset()).isEqualTo(2);
    }

    @Test
    void with_other_arguments_or_for_another_topic_is_another_command() {
      assertThat(append("mina", "id1", "other")).isEmpty();
      assertThat(log.append(Topic.parse("bench:2"), "mina", "id1", 0, Payload.ofJson("\"text 1\"")))
          .isEmpty();
    }

    @Test
    void from_another_user_is_another_command() {
      assertThat(append("jun", "id1", "text 1").orElseThrow().offset()).isEqualTo(2);
    }

    @Test
    void is_known_as_long_as_what_it_made() {
      fill(3);
      assertThat(append("mina", "id1", "text 1").orElseThrow().offset()).isEqualTo(1);
      append("mina", "id4", "text 4");
      assertThat(append("mina", "id1", "text 1").orElseThrow().offset()).isEqualTo(5);
    }
  }

  @Nested
  class A_read_from_a_position {
    @BeforeEach
    void more_than_is_kept() {
      fill(5);
    }

    @Test
    void tells_what_came_after_it() {
      Granted answer = after("life", 3, 10);
      assertThat(answer.recovered()).isTrue();
      assertThat(answer.position()).isEqualTo(new StreamPosition("life", 5));
      assertThat(offsets(answer)).containsExactly(4L, 5L);
      assertThat(answer.publications()).extracting(Publication::previous).containsExactly(3L, 4L);
    }

    @Test
    void that_is_the_newest_brings_nothing() {
      assertThat(after("life", 5, 10).recovered()).isTrue();
      assertThat(offsets(after("life", 5, 10))).isEmpty();
    }

    @Test
    void is_cut_at_its_limit_and_says_so() {
      assertThat(offsets(after("life", 2, 2))).containsExactly(3L, 4L);
      assertThat(after("life", 2, 2).more()).isTrue();
      assertThat(after("life", 2, 3).more()).isFalse();
    }

    @Test
    void that_is_forgotten_or_ahead_or_of_another_life_brings_a_snapshot() {
      for (Granted answer :
          List.of(after("life", 1, 10), after("life", 6, 10), after("other", 5, 10))) {
        assertThat(answer.recovered()).isFalse();
        assertThat(answer.snapshot()).contains(Payload.ofJson("{\"last\":\"text 5\"}"));
        assertThat(answer.publications()).isEmpty();
      }
    }
  }

  @Nested
  class A_page {
    @BeforeEach
    void some() {
      fill(3);
    }

    @Test
    void is_the_newest_or_the_nearest() {
      assertThat(offsets(log.page(TOPIC, Optional.empty(), Optional.empty(), 2)))
          .containsExactly(2L, 3L);
      assertThat(offsets(log.page(TOPIC, Optional.of(0L), Optional.empty(), 2)))
          .containsExactly(1L, 2L);
      assertThat(offsets(log.page(TOPIC, Optional.empty(), Optional.of(3L), 1)))
          .containsExactly(2L);
    }
  }

  @Test
  void a_topic_without_publications_is_at_its_beginning() {
    assertThat(log.snapshot(TOPIC))
        .isEqualTo(
            TopicAnswer.snapshot(new StreamPosition("life", 0), Payload.ofJson("{\"last\":null}")));
  }
}
