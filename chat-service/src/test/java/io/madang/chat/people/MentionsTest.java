package io.madang.chat.people;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MentionsTest {
  @Nested
  class A_text {
    @Test
    void mentions_nobody_without_a_word_after_an_at() {
      assertThat(Mentions.in("hello")).isEmpty();
      assertThat(Mentions.in("@ noon, me@home, @@, @.")).isEmpty();
    }

    @Test
    void mentions_ids_and_names_without_case_and_without_what_ends_a_sentence() {
      assertThat(Mentions.in("@Ann: ask (@g~x1).")).hasValue("[\"Ann:\",\"Ann\",\"ann\",\"g~x1\"]");
    }

    @Test
    void mentions_names_of_any_script() {
      assertThat(Mentions.in("@마당님 @ＡＮＮ")).hasValue("[\"마당님\",\"ＡＮＮ\",\"ann\"]");
    }

    @Test
    void mentions_no_more_than_its_share() {
      String text = "@a ".repeat(5) + "@x" + "@y".repeat(3);
      assertThat(Mentions.in(text)).hasValue("[\"a\",\"x\"]");
    }
  }
}
