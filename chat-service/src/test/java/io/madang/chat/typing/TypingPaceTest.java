package io.madang.chat.typing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TypingPaceTest {
  private final TypingPace<String> pace = new TypingPace<>(1_000, 2);
  private long turns;

  private OptionalLong say(String typist, boolean isTyping, long nowMs) {
    return pace.say(typist, isTyping, ++turns, nowMs);
  }

  @Nested
  class A_typist {
    @Test
    void is_told_at_once_when_silent_so_far() {
      assertThat(say("ann", true, 0)).isEqualTo(OptionalLong.of(0));
      assertThat(say("ann", false, 1_000)).isEqualTo(OptionalLong.of(0));
    }

    @Test
    void is_told_the_last_word_when_the_time_is_over() {
      say("ann", true, 0);
      assertThat(say("ann", true, 100)).isEqualTo(OptionalLong.of(900));
      assertThat(say("ann", false, 200)).isEmpty();
      assertThat(pace.due("ann", 1_000)).isTrue();
      assertThat(pace.value("ann")).isFalse();
      assertThat(pace.due("ann", 1_000)).isFalse();
    }

    @Test
    void is_not_told_a_word_that_a_newer_one_overtook() {
      pace.say("ann", true, 1, 0);
      assertThat(pace.say("ann", false, 3, 100)).isEqualTo(OptionalLong.of(900));
      assertThat(pace.say("ann", true, 2, 110)).isEmpty();
      assertThat(pace.due("ann", 1_000)).isTrue();
      assertThat(pace.value("ann")).isFalse();
      assertThat(pace.say("ann", true, 2, 3_000)).isEmpty();
    }

    @Test
    void is_not_told_what_was_told() {
      say("ann", true, 0);
      say("ann", true, 100);
      assertThat(pace.due("ann", 1_000)).isFalse();
    }

    @Test
    void is_forgotten_when_others_came_since() {
      say("ann", true, 0);
      say("bob", true, 0);
      say("cid", true, 0);
      assertThat(pace.due("ann", 1_000)).isFalse();
      assertThat(say("ann", true, 10)).isEqualTo(OptionalLong.of(0));
    }
  }
}
