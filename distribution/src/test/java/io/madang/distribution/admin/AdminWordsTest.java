package io.madang.distribution.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.madang.runtime.inspect.MeshView;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AdminWordsTest {
  private static AdminWords of(String words) {
    return AdminWords.of(List.of(words.split(" ")));
  }

  @Test
  void a_view_is_enough() {
    AdminWords words = of("nodes");
    assertThat(words.view()).isEqualTo(MeshView.NODES);
    assertThat(words.json()).isFalse();
    assertThat(words.at()).isEmpty();
    assertThat(words.query()).isEqualTo("?view=nodes");
  }

  @Test
  void options_may_stand_anywhere_and_become_the_question() {
    AdminWords words =
        of("--top 3 positions --json --prefix room --within 500 --at http://[::1]:8081/");
    assertThat(words.query()).isEqualTo("?view=positions&prefix=room&top=3&withinMs=500");
    assertThat(words.json()).isTrue();
    assertThat(words.at()).isEqualTo(Optional.of("[::1]:8081"));
  }

  @Test
  void a_topic_may_have_any_characters() {
    assertThat(AdminWords.of(List.of("topics", "--topic", "room:방 1&2")).query())
        .isEqualTo("?view=topics&topic=room%3A%EB%B0%A9+1%262");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      --json                  | Say what to look at: nodes, interest, topics, positions.
      node                    | madang admin cannot show "node"; it shows nodes, interest, topics, positions.
      nodes topics            | madang admin does not know "topics"; see madang admin --help.
      nodes --jason           | madang admin does not know "--jason"; see madang admin --help.
      topics --top            | --top needs a value behind it; see madang admin --help.
      nodes --at 8081         | --at is HOST:PORT of a process's health pages, and is "8081".
      nodes --at a@b:1        | --at is HOST:PORT of a process's health pages, and is "a@b:1".
      """)
  void what_makes_no_sense_is_told_in_one_sentence(String words, String sentence) {
    assertThatThrownBy(() -> of(words))
        .isInstanceOf(AdminWords.BadWordsException.class)
        .hasMessage(sentence);
  }

  @Test
  void help_is_for_whoever_asks_or_says_nothing() {
    assertThat(AdminWords.wantHelp(List.of())).isTrue();
    assertThat(AdminWords.wantHelp(List.of("nodes", "--help"))).isTrue();
    assertThat(AdminWords.wantHelp(List.of("nodes"))).isFalse();
  }
}
