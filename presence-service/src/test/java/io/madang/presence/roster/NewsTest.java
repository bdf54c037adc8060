package io.madang.presence.roster;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.presence.roster.ConnectionChange.Gone;
import io.madang.presence.roster.ConnectionChange.There;
import io.madang.runtime.service.Observation.Observed;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class NewsTest {
  private final News news = new News("room");

  private static Observed connection(String id) {
    return new Observed(id, "ann", "Ann", false, "");
  }

  private static Observed inRoom(String id, String room) {
    return new Observed(id, "ann", "Ann", false, "room:" + room);
  }

  private static There there(String id, boolean open, Set<String> enters, Set<String> leaves) {
    return new There(id, "ann", "Ann", false, open, enters, leaves);
  }

  @Nested
  class A_part {
    @Test
    void gathers_what_concerns_one_connection() {
      assertThat(news.changes(
              List.of(inRoom("c1", "a"), connection("c1"), inRoom("c1", "b")),
              List.of(inRoom("c1", "c"))))
          .containsExactly(there("c1", true, Set.of("a", "b"), Set.of("c")));
    }

    @Test
    void tells_who_is_gone_before_who_is_there() {
      assertThat(news.changes(List.of(connection("c2")), List.of(connection("c1"))))
          .containsExactly(new Gone("c1"), there("c2", true, Set.of(), Set.of()));
    }

    @Test
    void does_not_end_the_subscriptions_of_a_connection_that_is_gone_one_by_one() {
      assertThat(news.changes(List.of(), List.of(inRoom("c1", "a"), connection("c1"))))
          .containsExactly(new Gone("c1"));
    }

    @Test
    void makes_anew_what_is_both_gone_and_there() {
      assertThat(news.changes(
              List.of(connection("c1"), inRoom("c1", "a")),
              List.of(connection("c1"), inRoom("c1", "a"))))
          .containsExactly(new Gone("c1"), there("c1", true, Set.of("a"), Set.of()));
      assertThat(news.changes(List.of(inRoom("c1", "a")), List.of(inRoom("c1", "a"))))
          .containsExactly(there("c1", false, Set.of("a"), Set.of()));
    }

    @Test
    void of_nothing_is_no_change() {
      assertThat(news.changes(List.of(), List.of())).isEmpty();
    }
  }

  @Nested
  class A_whole_set {
    private final Map<String, KnownConnection> known =
        Map.of("c1", new KnownConnection("ann", true, Set.of("a", "b")));

    @Test
    void equal_to_what_is_known_is_no_change() {
      assertThat(
              news.changes(known, List.of(connection("c1"), inRoom("c1", "b"), inRoom("c1", "a"))))
          .isEmpty();
    }

    @Test
    void ends_what_it_does_not_name() {
      assertThat(news.changes(known, List.of())).containsExactly(new Gone("c1"));
      assertThat(
              news.changes(known, List.of(connection("c1"), inRoom("c1", "c"), inRoom("c1", "b"))))
          .containsExactly(there("c1", true, Set.of("c"), Set.of("a")));
    }

    @Test
    void takes_a_connection_from_who_had_it() {
      Observed bobs = new Observed("c1", "bob", "Bob", true, "");
      assertThat(news.changes(known, List.of(bobs)))
          .containsExactly(
              new Gone("c1"), new There("c1", "bob", "Bob", true, true, Set.of(), Set.of()));
    }
  }

  @Nested
  class Parts {
    @Test
    void keep_order_and_weigh_about_the_same() {
      List<ConnectionChange> changes = List.of(
          new Gone("c1"),
          there("c2", true, Set.of("a", "b"), Set.of()),
          there("c3", true, Set.of("a", "b", "c", "d", "e"), Set.of()),
          new Gone("c4"));

      assertThat(News.parts(changes, 4))
          .containsExactly(
              List.of(changes.get(0), changes.get(1)),
              List.of(changes.get(2)),
              List.of(changes.get(3)));
    }

    @Test
    void of_nothing_are_one_that_is_empty() {
      assertThat(News.parts(List.of(), 4)).containsExactly(List.of());
    }
  }
}
