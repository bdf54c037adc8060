package io.madang.gateway.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.gateway.fanout.SubscribeOutcome.Subscribed;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RecentTest {
  private static final Topic TOPIC = Topic.parse("log:a");
  private static final long ONE = Subscribed.bytes(publication(1));

  private final Recent recent = new Recent(3 * ONE);

  private static StreamPosition at(long offset) {
    return new StreamPosition("e1", offset);
  }

  private static Publication publication(long offset) {
    return Publication.log(TOPIC, "put", at(offset), offset - 1, 0, Payload.NULL);
  }

  private static List<Publication> publications(long from, long to) {
    return LongStream.rangeClosed(from, to).mapToObj(RecentTest::publication).toList();
  }

  private void add(long from, long to) {
    publications(from, to).forEach(recent::add);
  }

  private Optional<List<Long>> after(long offset) {
    return recent
        .after(at(offset))
        .map(kept -> kept.stream().map(Publication::offset).toList());
  }

  @Nested
  class Up_to_its_bound {
    @Test
    void everything_behind_its_beginning_is_kept() {
      recent.restart(at(4));
      add(5, 7);

      assertThat(after(4)).contains(List.of(5L, 6L, 7L));
      assertThat(after(6)).contains(List.of(7L));
      assertThat(after(7)).contains(List.of());
      assertThat(after(3)).isEmpty();
    }
  }

  @Nested
  class Beyond_its_bound {
    @Test
    void the_oldest_goes() {
      recent.restart(at(4));
      add(5, 8);

      assertThat(after(4)).isEmpty();
      assertThat(after(5)).contains(List.of(6L, 7L, 8L));
    }

    @Test
    void one_that_is_larger_than_all_room_is_not_kept() {
      recent.restart(at(4));
      add(5, 5);
      recent.add(Publication.log(
          TOPIC, "put", at(6), 5, 0, Payload.ofJson("\"" + "x".repeat((int) (3 * ONE)) + "\"")));

      assertThat(after(5)).isEmpty();
      assertThat(after(6)).contains(List.of());
    }
  }

  @Nested
  class What_the_owner_told_of_the_time_before {
    @Test
    void is_kept_as_far_as_it_fits() {
      recent.restart(at(8));
      add(9, 9);
      recent.prime(at(2), at(8), publications(3, 8));

      assertThat(after(6)).contains(List.of(7L, 8L, 9L));
      assertThat(after(5)).isEmpty();
    }

    @Test
    void reaches_as_far_back_as_it_was_asked_for() {
      recent.restart(at(8));
      recent.prime(at(2), at(8), publications(7, 8));

      assertThat(after(2)).contains(List.of(7L, 8L));
      assertThat(after(1)).isEmpty();
    }

    @Test
    void is_not_kept_when_something_lies_between() {
      recent.restart(at(8));
      recent.prime(at(2), at(7), publications(3, 7));

      assertThat(after(7)).isEmpty();
    }
  }

  @Test
  void before_the_position_is_known_nothing_is_at_hand() {
    assertThat(after(0)).isEmpty();
  }

  @Test
  void another_life_of_the_topic_is_not_at_hand() {
    recent.restart(at(4));
    add(5, 5);
    recent.restart(new StreamPosition("e2", 1));

    assertThat(after(4)).isEmpty();
    assertThat(recent.after(new StreamPosition("e2", 1))).contains(List.of());
  }
}
