package io.madang.runtime.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.madang.runtime.topic.Topic;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class StandingsTest {
  private static Standing standing(String topic, int holds, int waiting) {
    return new Standing(Topic.parse(topic), "echo", holds, Optional.empty(), waiting);
  }

  private static Standings select(Inspection inspection, Standing... standings) {
    Standings.Selection selection = new Standings.Selection(inspection);
    List.of(standings).forEach(selection);
    return selection.standings();
  }

  private static List<String> names(Standings standings) {
    return standings.shown().stream().map(each -> each.topic().name()).toList();
  }

  @Test
  void a_topic_with_a_hole_comes_first_then_who_is_most_wanted_then_by_name() {
    Standings shown = select(
        Inspection.ofTop(10),
        standing("log:b", 1, 0),
        standing("log:c", 9, 0),
        standing("log:a", 1, 0),
        standing("log:d", 0, 3));
    assertThat(names(shown)).containsExactly("log:d", "log:c", "log:a", "log:b");
  }

  @Test
  void no_more_than_asked_for_are_shown_and_all_are_counted() {
    Standings shown = select(Inspection.ofTop(1), standing("log:a", 1, 0), standing("log:b", 2, 0));
    assertThat(names(shown)).containsExactly("log:b");
    assertThat(shown.matching()).isEqualTo(2);
    assertThat(select(Inspection.ofTop(0), standing("log:a", 1, 0)))
        .isEqualTo(new Standings(List.of(), 1));
  }

  @Test
  void only_those_of_the_prefix_or_of_the_names_count() {
    Standing[] both = {standing("log:a", 1, 0), standing("state:a", 1, 0)};
    assertThat(names(select(Inspection.ofTop(9).ofPrefix("state"), both)))
        .containsExactly("state:a");
    Standings named = select(
        Inspection.ofTop(9).about(List.of(Topic.parse("log:a"), Topic.parse("log:x"))), both);
    assertThat(names(named)).containsExactly("log:a");
    assertThat(named.matching()).isEqualTo(1);
  }

  @Test
  void an_answer_has_a_bound() {
    assertThatThrownBy(() -> Inspection.ofTop(Inspection.MAX_TOP + 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
