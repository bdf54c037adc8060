package io.madang.runtime.host;

import static io.madang.runtime.host.Published.at;
import static io.madang.runtime.host.Published.ephemeral;
import static io.madang.runtime.host.Published.log;
import static org.assertj.core.api.Assertions.assertThat;

import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RecentPublicationsTest {
  private static final int ONE = RecentPublications.bytesOf(log("a", 1));

  private RecentPublications recent = new RecentPublications(3L * ONE);

  private void add(String id, long... offsets) {
    for (long offset : offsets) {
      recent.add(log(id, offset));
    }
  }

  private static Publication ofLife(String epoch, long offset) {
    return Publication.log(
        log("a"), "put", new StreamPosition(epoch, offset), offset - 1, 0, Payload.NULL);
  }

  private List<Long> after(String id, long offset) {
    return offsets(recent.after(log(id), at(offset)));
  }

  private static List<Long> offsets(List<Publication> publications) {
    return publications.stream().map(Publication::offset).toList();
  }

  @Nested
  class Up_to_its_bound {
    @Test
    void everything_is_kept() {
      add("a", 5, 6, 7);

      assertThat(recent.bytes()).isEqualTo(3L * ONE);
      assertThat(after("a", 4)).containsExactly(5L, 6L, 7L);
      assertThat(after("a", 6)).containsExactly(7L);
      assertThat(after("a", 7)).isEmpty();
    }

    @Test
    void nothing_is_told_to_who_is_behind_what_is_kept() {
      add("a", 5, 6, 7);

      assertThat(after("a", 3)).isEmpty();
    }

    @Test
    void nothing_is_told_of_another_topic() {
      add("a", 5);

      assertThat(after("b", 4)).isEmpty();
    }
  }

  @Nested
  class Beyond_its_bound {
    @Test
    void the_oldest_goes_of_whichever_topic() {
      add("a", 1);
      add("b", 1, 2);
      add("a", 2);

      assertThat(after("a", 0)).isEmpty();
      assertThat(after("a", 1)).containsExactly(2L);
      assertThat(after("b", 0)).containsExactly(1L, 2L);
      assertThat(recent.bytes()).isEqualTo(3L * ONE);
    }

    @Test
    void one_byte_too_many_is_too_many() {
      recent = new RecentPublications(3L * ONE - 1);
      add("a", 1, 2, 3);

      assertThat(after("a", 0)).isEmpty();
      assertThat(after("a", 1)).containsExactly(2L, 3L);
    }

    @Test
    void a_large_one_takes_the_place_of_many() {
      add("a", 1, 2, 3);
      recent.add(log("a", 4, 10 + 2 * ONE));

      assertThat(after("a", 2)).isEmpty();
      assertThat(after("a", 3)).containsExactly(4L);
      assertThat(recent.bytes()).isEqualTo(3L * ONE);
    }

    @Test
    void one_that_would_not_fit_alone_costs_the_others_nothing_and_is_a_hole() {
      add("a", 1);
      recent.add(log("a", 2, 11 + 2 * ONE));
      add("a", 3);

      assertThat(after("a", 0)).containsExactly(1L);
      assertThat(after("a", 1)).isEmpty();
      assertThat(after("a", 2)).containsExactly(3L);
    }

    @Test
    void what_a_topic_had_may_go_whole_and_begin_anew() {
      add("a", 1);
      add("b", 1, 2, 3);
      assertThat(after("a", 0)).isEmpty();
      add("a", 2);

      assertThat(after("a", 1)).containsExactly(2L);
    }

    @Test
    void with_a_bound_of_nothing_nothing_is_kept() {
      recent = new RecentPublications(0);
      add("a", 1);

      assertThat(after("a", 0)).isEmpty();
      assertThat(recent.bytes()).isZero();
    }
  }

  @Nested
  class What_is_told {
    @Test
    void ends_where_another_node_published() {
      add("a", 5, 6, 8);

      assertThat(after("a", 4)).containsExactly(5L, 6L);
      assertThat(after("a", 6)).isEmpty();
      assertThat(after("a", 7)).containsExactly(8L);
    }

    @Test
    void is_in_order_whichever_came_first() {
      add("a", 6, 5, 7);

      assertThat(after("a", 4)).containsExactly(5L, 6L, 7L);
    }

    @Test
    void is_told_once_when_it_was_published_twice() {
      add("a", 5, 6, 5);

      assertThat(after("a", 4)).containsExactly(5L, 6L);
      assertThat(recent.bytes()).isEqualTo(2L * ONE);
    }

    @Test
    void has_nothing_without_a_position() {
      recent.add(ephemeral("a"));

      assertThat(recent.bytes()).isZero();
    }

    @Test
    void is_no_more_than_one_message_may_have() {
      recent = new RecentPublications(1_000_000);
      for (long offset = 1; offset <= 300; offset++) {
        add("a", offset);
      }

      assertThat(after("a", 0)).hasSize(GatewayWindow.MAX_PUBLICATIONS);
      assertThat(after("a", GatewayWindow.MAX_PUBLICATIONS)).hasSize(44);
    }

    @Test
    void is_no_more_bytes_than_one_message_may_have_but_always_one() {
      recent = new RecentPublications(10L * GatewayWindow.MAX_BYTES);
      recent.add(log("a", 1, GatewayWindow.MAX_BYTES));
      recent.add(log("a", 2, GatewayWindow.MAX_BYTES / 2));
      recent.add(log("a", 3, GatewayWindow.MAX_BYTES / 4));
      recent.add(log("a", 4, GatewayWindow.MAX_BYTES / 2));

      assertThat(after("a", 0)).containsExactly(1L);
      assertThat(after("a", 1)).containsExactly(2L, 3L);
    }
  }

  @Nested
  class Another_life_of_a_topic {
    @Test
    void is_not_mixed_with_the_one_before() {
      recent.add(ofLife("e1", 1));
      recent.add(ofLife("e2", 1));
      recent.add(ofLife("e2", 2));

      assertThat(offsets(recent.after(log("a"), new StreamPosition("e2", 0))))
          .containsExactly(1L, 2L);
      assertThat(recent.after(log("a"), new StreamPosition("e1", 0)))
          .containsExactly(ofLife("e1", 1));
      assertThat(recent.after(log("a"), new StreamPosition("e3", 0))).isEmpty();
    }

    @Test
    void takes_its_place_in_time() {
      add("a", 1, 2);
      recent.add(ofLife("e2", 1));
      recent.add(ofLife("e2", 2));
      recent.add(ofLife("e2", 3));

      assertThat(after("a", 0)).isEmpty();
      assertThat(offsets(recent.after(log("a"), new StreamPosition("e2", 0))))
          .containsExactly(1L, 2L, 3L);
    }
  }
}
